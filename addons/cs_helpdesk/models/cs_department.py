from odoo import fields, models


class CsDepartment(models.Model):
    """A department of the company that tickets may ask for help (000-15, 001-04)."""

    _name = "cs.department"
    _description = "Department That Helps"
    _inherit = "cs.audit.mixin"
    _audit_relations = ("user_ids",)
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company")
    leader_id = fields.Many2one(
        "res.users",
        domain=[("share", "=", False)],
        help="Gets what nobody else is named for, and every notice of delay.",
    )
    user_ids = fields.Many2many(
        "res.users", string="Responsible", domain=[("share", "=", False)]
    )
    group_id = fields.Many2one(
        "res.groups", help="Everybody of this group sees and answers its tasks as well."
    )
    in_joint_plan = fields.Boolean(
        string="In Joint Plans",
        help="Gets a task in each joint plan of a grave complaint (001-68).",
    )

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "A department with this code exists already."
    )

    def _get_owner(self):
        """Who gets a new task: a responsible person present, the leader, his deputy."""
        self.ensure_one()
        # sudo: only to find a person; whoever asks needs no right on users
        department = self.sudo()
        for user in (*department.user_ids, department.leader_id):
            stand_in = user._get_stand_in()
            if stand_in:
                return stand_in.sudo(False)
        return self.env["res.users"]

    def _is_member(self, user):
        self.ensure_one()
        department = self.sudo()  # membership is no secret, groups are closed
        return (
            user in department.user_ids | department.leader_id
            or department.group_id in user.sudo().all_group_ids
        )
