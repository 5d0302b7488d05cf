from odoo.modules.module import Manifest
from odoo.tests import TransactionCase, tagged
from odoo.tools.convert import convert_file

# shipped rows that a company makes its own, with the edit it makes
EDITS = {
    "limit_solution_query": {"quantity": 6.0, "unit": "work_hours"},
    "type_media": {"active": False},
    "stage_revisit": {"sequence": 75},
    "channel_weibo": {"active": False},
    "reason_late_load": {"sequence": 99},
    "team_service": {"sequence": 7},
    "calendar_service": {"name": "Our hours"},
    "cron_clock_sweep": {"interval_number": 5},
}


@tagged("post_install", "-at_install")
class TestUpdate(TransactionCase):
    def test_edits_survive_an_update(self):
        """Shipped defaults are a start: what a company changed stays changed."""
        for name, values in EDITS.items():
            self.env.ref(f"cs_helpdesk.{name}").write(values)
        self.env.flush_all()
        for filename in Manifest.for_addon("cs_helpdesk")["data"]:
            if filename.startswith("data/"):
                convert_file(self.env, "cs_helpdesk", filename, {}, mode="update")
        self.env.invalidate_all()
        for name, values in EDITS.items():
            record = self.env.ref(f"cs_helpdesk.{name}")
            for field, value in values.items():
                self.assertEqual(record[field], value, f"{name}.{field}")

    def test_every_shipped_row_is_protected(self):
        """No default of this addon is overwritten by an update."""
        models = [
            "cs.clock.reason",
            "cs.complaint.grade",
            "cs.complainant.tag",
            "cs.outside.source",
            "cs.ticket.type",
            "cs.time.limit",
            "helpdesk.ticket.channel",
            "helpdesk.ticket.stage",
            "helpdesk.ticket.team",
            "ir.cron",
            "ir.rule",
            "mail.template",
            "resource.calendar",
        ]
        open_rows = self.env["ir.model.data"].search(
            [
                ("module", "=", "cs_helpdesk"),
                ("model", "in", models),
                ("noupdate", "=", False),
            ]
        )
        self.assertFalse(open_rows.mapped("name"))
