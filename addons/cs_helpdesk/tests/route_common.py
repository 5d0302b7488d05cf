from datetime import timedelta

from odoo import Command, fields

from .common_desk import DeskCase


class RouteCase(DeskCase):
    """A team that routes by itself, with two agents whose shift runs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cs.route"].search([]).active = False
        cls.company = cls.env.company
        cls.env["cs.ticket.type"].search([]).route_weight = 1
        cls.team.write(
            {
                "auto_route": True,
                "route_capacity": 4,
                "user_ids": [Command.set((cls.agent + cls.agent2).ids)],
            }
        )
        cls.kind = cls.env["cs.shift.kind"].create(
            {
                "name": "Any Time",
                "code": "test",
                "start_hour": 0,
                "end_hour": 0,
                "days": "all",
            }
        )
        for user in cls.agent + cls.agent2:
            cls._shift(user)

    @classmethod
    def _shift(cls, user, days=0, kind=None, state="published", **vals):
        """A shift of today (company's zone), or of `days` from today."""
        today = cls.env["cs.schedule.mixin"]._get_today(cls.company)
        shift = cls.env["cs.shift"].create(
            {
                "user_id": user.id,
                "date": today + timedelta(days=days),
                "kind_id": (kind or cls.kind).id,
                **vals,
            }
        )
        shift.state = state
        return shift

    @classmethod
    def _route(cls):
        """What the job does, without its commits."""
        cls.env.flush_all()
        given = cls.env["cs.route.desk"]._route_company(cls.company)
        cls._commit()
        return given

    @classmethod
    def _free(cls, kind="query", **vals):
        ticket = cls._ticket(kind, user_id=False, **vals)
        ticket.user_id = False
        cls._commit()
        return ticket

    @classmethod
    def _skilled(cls, user, *skills, **vals):
        profile = cls.env["cs.agent"].search([("user_id", "=", user.id)])
        vals["skill_ids"] = [Command.set([skill.id for skill in skills])]
        if profile:
            profile.write(vals)
            return profile
        return profile.create({"user_id": user.id, **vals})

    @classmethod
    def _rule(cls, criterion, **vals):
        return cls.env["cs.route"].create(
            {"name": f"Rule {criterion}", "criterion": criterion, **vals}
        )

    def _later(self, **delta):
        return fields.Datetime.now() + timedelta(**delta)
