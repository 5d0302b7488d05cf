from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date, format_datetime

from ..lib import roster

AROUND = timedelta(days=roster.MOST_DAYS + 2)
AHEAD_DAYS = 7  # G14: a roster is published this long before


class CsShiftRules(models.AbstractModel):
    """What a roster may not be: each rule of G14 with one clear sentence."""

    _name = "cs.shift.rules"
    _description = "Rules of the Roster"

    # ------------------------------------------------------------------
    # Two at once
    # ------------------------------------------------------------------
    @api.model
    def _check_clash(self, vals_list, replaced=None):
        """Refuse before writing what would put somebody in two places.

        :param vals_list: values of shifts to come
        :param replaced: the shifts they take the place of
        :raise ValidationError: one sentence that names both shifts
        """
        wanted = self._read_shifts(vals_list)
        if not wanted:
            return
        others = self._near(
            {row[0] for row in wanted}, [row[1] for row in wanted], replaced
        )
        for one, two in roster.clashes(others + wanted):
            user = self.env["res.users"].browse(one[0])
            raise ValidationError(
                self.env._(
                    "%(person)s would have two shifts at once: %(first)s and "
                    "%(second)s. Choose somebody else or another shift.",
                    person=user.name,
                    first=self._say(one),
                    second=self._say(two),
                )
            )

    def _say(self, row):
        zone = self.env.user.tz or self.env.company.service_calendar_id.tz
        return " – ".join(
            format_datetime(self.env, moment, tz=zone, dt_format="short")
            for moment in row[2:]
        )

    @api.model
    def _read_shifts(self, vals_list):
        """:return: [(user id, day, begin, end)] of values that are complete"""
        rows = []
        Kind = self.env["cs.shift.kind"]
        Company = self.env["res.company"]
        for vals in vals_list:
            day = fields.Date.to_date(vals.get("date"))
            kind = Kind.browse(vals.get("kind_id"))
            if not (day and kind and vals.get("user_id")):
                continue
            company = Company.browse(vals.get("company_id")) or self.env.company
            rows.append((vals["user_id"], day, *kind._get_span(company, day)))
        return rows

    @api.model
    def _near(self, user_ids, days, but=None):
        """Shifts of these people around these days, in one query.

        :return: [(user id, day, begin, end)]
        """
        if not days:
            return []
        # sudo: whatever company or state, a person is in one place at a time
        shifts = self.sudo().search_fetch(
            [
                ("user_id", "in", list(user_ids)),
                ("date", ">=", min(days) - AROUND),
                ("date", "<=", max(days) + AROUND),
                ("id", "not in", but.ids if but else []),
            ],
            ["user_id", "date", "start_at", "end_at"],
        )
        return [(s.user_id.id, s.date, s.start_at, s.end_at) for s in shifts]

    # ------------------------------------------------------------------
    # Rest, days in a row, fitness
    # ------------------------------------------------------------------
    def _check_rules(self):
        """≤ 6 days in a row, ≥ 11 h between shifts, only qualified people.

        :raise ValidationError: one sentence that says who and when
        """
        if not self:
            return
        mine = {(s.user_id.id, s.date) for s in self}
        rows = self._near(set(self.user_id.ids), self.mapped("date"))
        Users = self.env["res.users"]
        for one, two in roster.short_rests(rows):
            if {(one[0], one[1]), (two[0], two[1])} & mine:
                raise ValidationError(
                    self.env._(
                        "%(person)s would have less than %(hours)s hours of rest "
                        "between %(first)s and %(second)s.",
                        person=Users.browse(one[0]).name,
                        hours=int(roster.REST.total_seconds() // 3600),
                        first=self._say(one),
                        second=self._say(two),
                    )
                )
        for user_id, first, last in roster.long_rows(rows):
            if any(user_id == user and first <= day <= last for user, day in mine):
                raise ValidationError(
                    self.env._(
                        "%(person)s would work %(days)s days in a row, from %(first)s "
                        "to %(last)s; %(most)s are allowed.",
                        person=Users.browse(user_id).name,
                        days=(last - first).days + 1,
                        first=format_date(self.env, first),
                        last=format_date(self.env, last),
                        most=roster.MOST_DAYS,
                    )
                )
        unfit = self.user_id._get_unfit()
        # what is imported or shipped was decided elsewhere
        if unfit and not self.env.user._is_superuser():
            raise ValidationError(
                self.env._(
                    "%(person)s is not certified and cannot be rostered.",
                    person="、".join(unfit.mapped("name")),
                )
            )

    # ------------------------------------------------------------------
    # Before publishing
    # ------------------------------------------------------------------
    def _get_publish_faults(self):
        """What asks for a reason: published late, or a line without anybody.

        :return: list of sentences
        """
        faults = []
        for company, shifts in self.grouped("company_id").items():
            today = self.env["cs.schedule.mixin"]._get_today(company)
            first = min(shifts.mapped("date"))
            if first < fields.Date.add(today, days=AHEAD_DAYS):
                faults.append(
                    self.env._(
                        "A roster is published %(days)s days ahead; this one begins "
                        "on %(date)s.",
                        days=AHEAD_DAYS,
                        date=format_date(self.env, first),
                    )
                )
            faults += shifts._get_line_gaps(company)
        return faults

    def _get_line_gaps(self, company):
        """Lines that would have nobody certified on a day (G14), a sentence a line."""
        lines = self.env["cs.line"].sudo().search([("company_id", "=", company.id)])
        lines = lines.filtered("skill_id")
        if not lines:
            return []
        days = sorted(set(self.mapped("date")))
        everybody = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("date", ">=", days[0]),
                ("date", "<=", days[-1]),
                "|",
                ("state", "=", "published"),
                ("id", "in", self.ids),
            ]
        )
        profiles = self.env["cs.agent"]._get_profiles(everybody.user_id, company)
        by_day = everybody.grouped("date")
        open_days = [d for d in days if lines[0]._is_open_day(d)]
        sentences = []
        for line in lines:
            able = {
                user_id
                for user_id, profile in profiles.items()
                if line.skill_id in profile.skill_ids
            }
            empty = [
                day
                for day in open_days
                if not able & set(by_day[day].filtered(line._takes).user_id.ids)
            ]
            if empty:
                sentences.append(
                    self.env._(
                        "Nobody certified for “%(line)s” on %(days)s.",
                        line=line.name,
                        days="、".join(format_date(self.env, d) for d in empty[:5])
                        + ("…" if len(empty) > 5 else ""),
                    )
                )
        return sentences
