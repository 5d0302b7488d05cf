from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import html2plaintext, is_html_empty, plaintext2html

GUARDED = (
    "state",
    "asked_by_id",
    "ticket_id",
    "answered_by_id",
    "answered_at",
    "article_id",
    "company_id",
)


class CsKnowledgeGap(models.Model):
    """A question the knowledge base has no answer for (003-42).

    It has an owner and a clock; its answer becomes the draft of an article.
    """

    _name = "cs.knowledge.gap"
    _description = "Knowledge Gap"
    _inherit = ["cs.clock.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "next_deadline, id desc"

    name = fields.Char(string="Question", required=True)
    detail = fields.Text(help="What the customer says, what was searched for.")
    state = fields.Selection(
        [
            ("open", "Waiting for an Answer"),
            ("answered", "Answered"),
            ("closed", "Not Needed"),
        ],
        default="open",
        required=True,
        copy=False,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    asked_by_id = fields.Many2one(
        "res.users",
        string="Asked by",
        required=True,
        default=lambda self: self.env.user,
        copy=False,
        index=True,
    )
    ticket_id = fields.Many2one(
        "helpdesk.ticket", copy=False, index="btree_not_null", ondelete="set null"
    )
    user_id = fields.Many2one(
        "res.users",
        string="To Be Answered by",
        domain="[('share', '=', False)]",
        tracking=True,
    )
    group_id = fields.Many2one(
        "res.groups",
        string="Department",
        help="Who can answer it when no person is named.",
        tracking=True,
    )
    answer = fields.Html()
    answered_by_id = fields.Many2one("res.users", copy=False)
    answered_at = fields.Datetime(copy=False)
    article_id = fields.Many2one("cs.article", copy=False, index="btree_not_null")
    is_mine = fields.Boolean(compute="_compute_is_mine")

    _order_idx = models.Index("(next_deadline, id DESC)")
    _open_idx = models.Index("(user_id, next_deadline) WHERE state = 'open'")
    _ticket_uniq = models.UniqueIndex(
        "(ticket_id, asked_by_id) WHERE state = 'open'",
        "You have asked about this ticket already; the answer is awaited.",
    )
    _owned = models.Constraint(
        "CHECK (user_id IS NOT NULL OR group_id IS NOT NULL)",
        "Say who can answer it: a person or a department.",
    )

    @api.depends("user_id", "group_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        user = self.env.user
        lead = user.has_group("cs_helpdesk.group_supervisor")
        groups = user.all_group_ids
        for gap in self:
            gap.is_mine = lead or gap.user_id == user or gap.group_id in groups

    # ------------------------------------------------------------------
    # Asked
    # ------------------------------------------------------------------
    @api.model
    def action_ask(self, text, ticket_id=False):
        """Ask what the knowledge base could not answer, in one click (003-42).

        :param str text: what was searched for
        :param int ticket_id: the ticket it is asked for, if it is saved already
        :return: id of the gap; asking twice gives the same one
        """
        ticket = self.env["helpdesk.ticket"].browse(int(ticket_id or 0)).exists()
        if ticket:
            ticket.check_access("read")
            waiting = self.search(
                [
                    ("ticket_id", "=", ticket.id),
                    ("asked_by_id", "=", self.env.uid),
                    ("state", "=", "open"),
                ],
                limit=1,
            )
            if waiting:
                return waiting.id
        detail = html2plaintext(text or "", include_references=False).strip()
        if not detail:
            raise UserError(self.env._("Write the question first."))
        gap = self.create(
            {
                "name": detail.splitlines()[0][:80],
                "detail": detail[:2000],
                **self._get_owner_of(ticket),
            }
        )
        # sudo: set here alone, from the ticket that was checked
        gap.sudo().write({"ticket_id": ticket.id})
        return gap.id

    @api.model
    def _get_owner_of(self, ticket):
        """The supervisor of the team, else all supervisors."""
        lead = ticket.sudo().team_id.user_id  # whose it is, is no secret
        if lead and lead != self.env.user:
            return {"user_id": lead.id}
        return {"group_id": self.env.ref("cs_helpdesk.group_supervisor").id}

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                asked_by = vals.get("asked_by_id", self.env.uid)
                given = {name for name in GUARDED[2:-1] if vals.get(name)}
                if (
                    given
                    or asked_by != self.env.uid
                    or vals.get("state", "open") != ("open")
                ):
                    raise UserError(
                        self.env._("A question is asked in one's own name, and open.")
                    )
        gaps = super().create(vals_list)
        gaps._clock_start("gap")
        for gap in gaps:
            gap._tell_owner()
        return gaps

    def write(self, vals):
        if not self.env.su and not set(GUARDED).isdisjoint(vals):
            raise UserError(
                self.env._("A question is answered or closed by its buttons.")
            )
        owners = {gap: (gap.user_id, gap.group_id) for gap in self}
        result = super().write(vals)
        for gap in self:
            if owners[gap] != (gap.user_id, gap.group_id) and gap.state == "open":
                gap._clocks("gap").write(
                    {"user_id": gap.user_id.id, "group_id": gap.group_id.id}
                )
                gap._tell_owner()
        return result

    def _get_clock_owner(self):
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "user_id": self.user_id.id,
            "group_id": self.group_id.id,
        }

    def _tell_owner(self):
        self.ensure_one()
        # sudo: whoever asks may not put a task on others' lists
        if self.user_id and self.user_id != self.env.user:
            self.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("A question waits for your answer"),
                user_id=self.user_id.id,
            )

    # ------------------------------------------------------------------
    # Answered
    # ------------------------------------------------------------------
    def _check_owner(self):
        self.ensure_one()
        self.check_access("read")
        if not self.is_mine:
            raise AccessError(
                self.env._("Whoever the question was given to answers or closes it.")
            )

    def action_answer(self):
        """Answer: the clock stops, the asker is told, a draft is made (003-42)."""
        self._check_owner()
        self.lock_for_update()
        if self.state != "open":
            return False
        if is_html_empty(self.answer):
            raise UserError(self.env._("Write the answer first."))
        gap = self.sudo()  # its owner was checked
        article = gap.env["cs.article"].create(
            {
                "name": gap.name,
                "problem": plaintext2html(gap.detail or gap.name),
                "steps": gap.answer,
                "author_id": self.env.uid,
                "company_id": gap.company_id.id,
            }
        )
        gap.write(
            {
                "state": "answered",
                "answered_by_id": self.env.uid,
                "answered_at": fields.Datetime.now(),
                "article_id": article.id,
            }
        )
        gap._clock_stop("gap")
        gap._tell_asker(self.env._("Your question was answered"))
        return True

    def action_close(self):
        """No answer is needed after all; the asker is told."""
        self._check_owner()
        self.lock_for_update()
        if self.state != "open":
            return False
        gap = self.sudo()  # its owner was checked
        gap.state = "closed"
        gap._clock_cancel("gap")
        gap._tell_asker(self.env._("Your question was closed"))
        return True

    def _tell_asker(self, sentence):
        self.ensure_one()
        self.activity_feedback(["mail.mail_activity_data_todo"])
        self.message_post(
            body=self.answer or sentence,
            subject=sentence,
            partner_ids=self.asked_by_id.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )

    def action_open_article(self):
        self.ensure_one()
        return self.article_id._get_records_action()
