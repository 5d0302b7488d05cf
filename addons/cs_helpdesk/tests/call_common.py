from datetime import timedelta

from odoo import Command, fields
from odoo.tests import new_test_user

from .common_desk import DeskCase


class CallCase(DeskCase):
    """A desk with a telephone system that reports its calls."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cti = new_test_user(cls.env, "desk_cti", "cs_helpdesk.group_cti")
        cls.cti.group_ids = [Command.set(cls.env.ref("cs_helpdesk.group_cti").ids)]
        cls.agent.phone_extension = "8001"
        cls.agent2.phone_extension = "8002"
        cls.Call = cls.env["cs.call"]
        cls.begin = fields.Datetime.now() - timedelta(minutes=30)

    @classmethod
    def at(cls, seconds):
        return cls.begin + timedelta(seconds=seconds)

    @classmethod
    def event(cls, call_id, event, seconds=0, **more):
        """What the telephone system sends, as its user."""
        at = fields.Datetime.to_string(cls.at(seconds))
        return cls.Call.with_user(cls.cti).cti_event(call_id, event, at, **more)

    @classmethod
    def find(cls, call_id):
        return cls.Call.search([("cti_call_id", "=", call_id)])

    @classmethod
    def ring(cls, call_id="c1", number="13812345678", agent="8001", **more):
        cls.event(call_id, "ringing", 0, number=number, agent=agent, **more)
        return cls.find(call_id)

    @classmethod
    def talk(cls, call_id="c1", number="13812345678", agent="8001"):
        """A call that is being spoken."""
        call = cls.ring(call_id, number, agent)
        cls.event(call_id, "answered", 6, agent=agent)
        return call

    @classmethod
    def by_hand(cls, user=None, **vals):
        vals = {"phone_entry": "13900001111", **vals}
        return cls.Call.with_user(user or cls.agent).create(vals)
