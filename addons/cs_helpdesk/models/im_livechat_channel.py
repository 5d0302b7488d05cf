from odoo import fields, models


class ImLivechatChannel(models.Model):
    _inherit = "im_livechat.channel"

    ticket_team_id = fields.Many2one(
        "helpdesk.ticket.team",
        string="Ticket Team",
        default=lambda self: self.env.ref(
            "cs_helpdesk.team_service", raise_if_not_found=False
        ),
        ondelete="restrict",
        index="btree_not_null",
        help="Each chat becomes a ticket of this team; none without a team.",
    )
