from odoo import SUPERUSER_ID, api, fields, models

from .cs_phrase import POINTS, SEVERITIES


class CsPhraseHit(models.Model):
    """A word that is never said stood in a reply: who, where, how grave (N37, G12).

    Feeds quality assurance; written by the check alone, one that was stopped as well.
    """

    _name = "cs.phrase.hit"
    _description = "Phrase Hit"
    _order = "at desc, id desc"
    _rec_name = "word"

    phrase_id = fields.Many2one(
        "cs.phrase", index="btree_not_null", ondelete="set null"
    )
    word = fields.Char(required=True)
    replacement = fields.Char(string="Say Instead")
    severity = fields.Selection(SEVERITIES, required=True)
    outcome = fields.Selection(
        [("sent", "Sent"), ("blocked", "Stopped"), ("allowed", "Sent by a Supervisor")],
        required=True,
    )
    points = fields.Integer(help="What quality assurance deducts (G12).")
    at = fields.Datetime(string="When", required=True)
    user_id = fields.Many2one("res.users", string="Who", required=True, index=True)
    ticket_id = fields.Many2one(
        "helpdesk.ticket", index="btree_not_null", ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True)

    _order_idx = models.Index("(at DESC, id DESC)")

    @api.model
    def _prepare(self, phrases, ticket, outcome):
        """Values of hits; `outcome` is that of the message."""
        now = fields.Datetime.now()
        return [
            {
                "phrase_id": phrase.id,
                "word": phrase.text,
                "replacement": phrase.replacement,
                "severity": phrase.severity,
                "outcome": outcome,
                "points": POINTS[phrase.severity] if outcome != "blocked" else 0,
                "at": now,
                "user_id": self.env.uid,
                "ticket_id": ticket.id,
                "company_id": (ticket.company_id or self.env.company).id,
            }
            for phrase in phrases
        ]

    @api.model
    def _note(self, phrases, ticket, outcome):
        # sudo: rows are append-only, written by the check alone
        return self.sudo().create(self._prepare(phrases, ticket, outcome))

    @api.model
    def _note_refused(self, phrases, ticket):
        """Note what is being refused, once the refusal has undone everything else."""
        rows = self._prepare(phrases, ticket, "blocked")
        registry, context = self.env.registry, dict(self.env.context)

        def note():
            with registry.cursor() as cr:
                # as the system: rows are append-only, written by the check alone
                env = api.Environment(cr, SUPERUSER_ID, context)
                for row in rows:
                    known = env["helpdesk.ticket"].browse(row["ticket_id"]).exists()
                    env[self._name].create(dict(row, ticket_id=known.id))

        self.env.cr.postrollback.add(note)
