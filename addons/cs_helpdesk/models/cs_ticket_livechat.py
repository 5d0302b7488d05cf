from odoo import fields, models


class CsTicketLivechat(models.AbstractModel):
    """A ticket that began as an online chat (003-02)."""

    _name = "cs.ticket.livechat"
    _description = "Ticket of an Online Chat"

    livechat_id = fields.Many2one(
        "discuss.channel",
        string="Online Chat",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    livechat_country_id = fields.Many2one(
        "res.country", string="Visitor's Country", related="livechat_id.country_id"
    )
    livechat_transcript = fields.Html(string="Transcript", readonly=True, copy=False)

    _livechat_uniq = models.UniqueIndex(
        "(livechat_id) WHERE livechat_id IS NOT NULL",
        "This chat has its ticket already.",
    )
