from datetime import timedelta

from odoo import models


class CsChecklistFactDay(models.AbstractModel):
    """What the day's records already say, for the checklists of the day (000-60…71)."""

    _name = "cs.checklist.fact.day"
    _description = "Figures of the Day"

    def _span(self, run):
        moment = self.env["cs.schedule.mixin"]._get_moment
        return (
            moment(run.company_id, run.date, 0),
            moment(run.company_id, run.date + timedelta(days=1), 0),
        )

    def _fact_morning_meeting(self, run):
        begin, end = self._span(run)
        meeting = self.env["calendar.event"].search(
            [
                ("meeting_kind", "=", "morning"),
                ("start", ">=", begin),
                ("start", "<", end),
                "|",
                ("series_id", "=", False),
                ("series_id.company_id", "=", run.company_id.id),
            ],
            limit=1,
        )
        if not meeting:
            return {"fact_text": self.env._("No morning meeting in the calendar")}
        if meeting.minutes_issued_at:
            return {"answer": "yes", "fact_text": self.env._("Minutes issued")}
        return {"fact_text": self.env._("Minutes not issued yet")}

    def _fact_incidents(self, run):
        count = self.env["cs.incident"].search_count(
            [("company_id", "=", run.company_id.id), ("state", "=", "open")]
        )
        return {"fact_text": self.env._("%(count)s incidents open", count=count)}

    def _fact_handed_up(self, run):
        count = self.env["helpdesk.ticket"].search_count(
            [("user_id", "=", run.user_id.id), ("closed", "=", False)]
        )
        return {"fact_text": self.env._("%(count)s tickets open with you", count=count)}

    def _fact_overdue(self, run):
        count = self.env["cs.clock"].search_count(
            [
                ("company_id", "=", run.company_id.id),
                ("res_model", "=", "helpdesk.ticket"),
                ("state", "=", "running"),
                ("overdue", "=", True),
            ]
        )
        return {"fact_text": self.env._("%(count)s steps overdue now", count=count)}

    def _journals(self, run):
        return self.env["cs.journal"].search(
            [
                ("company_id", "=", run.company_id.id),
                ("date", "=", run.date),
                ("kind", "in", ("journal", "daily_report")),
            ]
        )

    def _fact_journals(self, run):
        papers = self._journals(run)
        return {
            "fact_text": self.env._(
                "%(all)s papers, %(submitted)s handed in, %(checked)s checked",
                all=len(papers),
                submitted=len(papers.filtered(lambda p: p.state == "submitted")),
                checked=len(papers.filtered(lambda p: p.state == "accepted")),
            )
        }

    def _fact_own_journal(self, run):
        papers = self._journals(run).filtered(lambda p: p.user_id == run.user_id)
        done = papers.filtered(lambda p: p.state in ("submitted", "accepted"))
        kinds = set(done.mapped("kind"))
        return {
            "answer": "yes" if {"journal", "daily_report"} <= kinds else False,
            "fact_text": self.env._("%(count)s handed in today", count=len(kinds)),
        }

    def _fact_day_figures(self, run):
        begin, end = self._span(run)
        Ticket = self.env["helpdesk.ticket"]
        company = ("company_id", "=", run.company_id.id)
        received = Ticket.search_count(
            [company, ("received_date", ">=", begin), ("received_date", "<", end)]
        )
        closed = Ticket.search_count(
            [company, ("closed_date", ">=", begin), ("closed_date", "<", end)]
        )
        return {
            "fact_text": self.env._(
                "%(received)s tickets received, %(closed)s closed",
                received=received,
                closed=closed,
            )
        }

    def _fact_notices(self, run):
        count = self.env["cs.read.receipt"].search_count(
            [("user_id", "=", run.user_id.id), ("read_at", "=", False)]
        )
        return {
            "answer": False if count else "yes",
            "fact_text": self.env._("%(count)s papers to read", count=count),
        }

    def _fact_equipment(self, run):
        things = self.env["cs.equipment"].search(
            [("company_id", "=", run.company_id.id)]
        )
        broken = things.filtered("open_faults")
        return {
            "fact_text": self.env._(
                "%(count)s in the register, %(broken)s with an open fault",
                count=len(things),
                broken=len(broken),
            )
        }
