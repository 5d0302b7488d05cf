from odoo.exceptions import AccessError
from odoo.tests import tagged

from .route_common import RouteCase


@tagged("post_install", "-at_install")
class TestBoard(RouteCase):
    def test_numbers(self):
        """003-33: load, shift, queues, late by type, in bounded queries"""
        self._ticket("query", user_id=self.agent.id)
        late = self._ticket("complaint", user_id=self.agent.id)
        late.clock_ids.overdue = True
        self._free()
        board = self.env["helpdesk.ticket"].with_user(self.supervisor)
        numbers = board.get_live_board()
        rows = {row["id"]: row for row in numbers["agents"]}
        mine = rows[self.agent.id]
        self.assertEqual((mine["load"], mine["capacity"]), (2, 4))
        self.assertEqual((mine["late"], mine["on_shift"]), (1, True))
        queue = {row["id"]: row["waiting"] for row in numbers["queues"]}
        self.assertEqual(queue[self.team.id], 1)
        complaint = self.env.ref("cs_helpdesk.type_complaint")
        self.assertGreaterEqual(
            {row["id"]: row["count"] for row in numbers["late"]}[complaint.id], 1
        )
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        board.get_live_board()
        self.assertLess(self.env.cr.sql_log_count - before, 40)
        with self.assertRaises(AccessError):
            board.with_user(self.agent).get_live_board()

    def test_columns_and_dragging(self):
        """003-33: a column for everybody; a drag reassigns with its trace"""
        ticket = self._ticket("query", user_id=self.agent.id)
        self._commit()
        board = self.env["helpdesk.ticket"].with_user(self.supervisor)
        columns = board.with_context(
            cs_live_board=1, read_group_expand=True
        ).web_read_group([("team_id", "=", self.team.id)], ["user_id"], ["__count"])
        shown = {
            group["user_id"] and group["user_id"][0] for group in columns["groups"]
        }
        self.assertIn(self.agent2.id, shown)
        ticket.with_user(self.supervisor).web_save({"user_id": self.agent2.id}, {})
        self._commit()
        row = ticket.transfer_ids
        self.assertEqual((row.to_user_id, row.by_id), (self.agent2, self.supervisor))
        with self.assertRaises(AccessError):
            ticket.with_user(self.second).web_save({"user_id": self.agent.id}, {})
