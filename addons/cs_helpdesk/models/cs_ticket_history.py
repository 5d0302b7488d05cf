from odoo import models
from odoo.exceptions import ValidationError
from odoo.tools import format_datetime

REOPENS = ("feedback", "revisit", "done", "cancelled")
ENDS_WAITING = ("take", "resolve", "close", "cancel")


class CsTicketHistory(models.AbstractModel):
    """A ticket relives what happened to it elsewhere, each event at its own time."""

    _name = "cs.ticket.history"
    _description = "Ticket: History"

    def _at(self, at):
        """The same tickets (or the model) at a moment of the past, naive UTC."""
        from .helpdesk_ticket import EventTime  # itself built on this model

        return self.with_context(cs_event_at=EventTime(*at.timetuple()[:6]))

    def _play(self, events):
        """Let the ticket go through ``events``, clocks and stages included.

        :param events: [(naive UTC time, action, text)] in order of time; an action is
            take, wait, resolve, close, cancel, grade or note
        """
        self.ensure_one()
        waiting = False
        for at, action, text in events:
            ticket = self._at(at)
            if waiting and action in ENDS_WAITING:
                ticket._clock_resume(at=at)
                waiting = False
            waiting = getattr(ticket, f"_play_{action}")(at, text) or waiting

    def _play_take(self, at, text):
        """Taken in charge; when the customer had been answered already: reopened."""
        if self.stage_role in ("intake", "grading", *REOPENS):
            self._play_stage("execution")

    def _play_wait(self, at, text):
        if self.stage_role in REOPENS:
            return False
        self._clock_pause(self.env.ref("cs_helpdesk.reason_wait_customer"), at=at)
        return True

    def _play_resolve(self, at, text):
        if self.stage_role not in REOPENS:
            self._play_stage("feedback")

    def _play_close(self, at, text):
        self._play_stage("done")

    def _play_cancel(self, at, text):
        self._play_stage("cancelled")

    def _play_grade(self, at, text):
        """Graded again: nothing that a time limit knows of."""
        self._play_note(at, text)

    def _play_note(self, at, text):
        if text:
            when = format_datetime(self.env, at)
            note = self.env._("%(when)s: activity %(code)s", when=when, code=text)
            self._message_log(body=note)

    def _play_stage(self, role):
        stage = self.allowed_stage_ids.filtered(lambda s: s.role == role)[:1]
        if not stage:
            raise ValidationError(
                self.env._(
                    "The tickets of %(team)s have no stage for this step.",
                    team=self.team_id.name,
                )
            )
        values = {"stage_id": stage.id}
        if role == "feedback" and not self.answered_date:
            values["answered_date"] = self._event_time()  # told: an answer as well
        self.write(values)
