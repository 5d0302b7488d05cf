from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import is_html_empty

REVIEW_MONTHS = 12
BATCH = 100


class CsArticleReview(models.AbstractModel):
    """Written, reviewed by somebody else, published, looked at again (003-41, 43)."""

    _name = "cs.article.review"
    _description = "Article: Review"

    # ------------------------------------------------------------------
    # The flow
    # ------------------------------------------------------------------
    def _get_flow_requester(self):
        self.ensure_one()
        return self.author_id

    def _gate_complete(self, step):
        """An article says what the problem is and what to do."""
        self.ensure_one()
        if is_html_empty(self.problem) or is_html_empty(self.steps):
            raise UserError(
                self.env._(
                    "“%(name)s” needs a problem and a solution before it is reviewed.",
                    name=self.name,
                )
            )

    def _on_flow_step(self, step):
        if step.code == "write":
            self._put({"state": "review"})

    def _on_flow_sent_back(self, step):
        self._put({"state": "draft"})

    def _on_flow_done(self):
        self._publish()

    def action_submit(self):
        """Hand the draft to its reviewers; pressing twice changes nothing."""
        self.ensure_one()
        self.check_access("read")
        if self.state != "draft":
            return False
        self.check_access("write")
        self._gate_complete(None)
        self._flow_start()
        return self.action_flow_finish()

    def _publish(self):
        """Make these the words that count; a next edition changes places with them."""
        today = fields.Date.context_today(self)
        dated = {
            "published_at": fields.Datetime.now(),
            "published_by_id": self.env.uid,
            "review_date": today + relativedelta(months=REVIEW_MONTHS),
            "edition_date": today,
        }
        for article in self:
            if article.revises_id:
                article._change_places(dated)
            else:
                article._put({"state": "published", **dated})
        self._message_log_batch(
            bodies={article.id: self.env._("Published.") for article in self}
        )

    def _change_places(self, dated):
        """The old words go into this record, its own into the article it revises."""
        self.ensure_one()
        current = self.revises_id
        current.lock_for_update()
        old, new = current._get_words(), self._get_words()
        in_force_date = self.in_force_date
        self._put(
            {
                **old,
                "state": "archived",
                "active": False,
                "review_date": False,
                "edition_number": current.edition_number,
                "edition_date": current.edition_date,
                "in_force_date": current.in_force_date,
                "published_at": current.published_at,
                "published_by_id": current.published_by_id.id,
            }
        )
        current._put(
            {
                **new,
                **dated,
                "edition_number": current.edition_number + 1,
                "in_force_date": in_force_date,
            }
        )
        current.activity_feedback(["mail.mail_activity_data_todo"])

    def _get_words(self):
        """What an edition consists of, ready to be written to another one."""
        self.ensure_one()
        names = self._get_content_names()
        return self._convert_to_write({name: self[name] for name in names})

    # ------------------------------------------------------------------
    # The next edition, and the end
    # ------------------------------------------------------------------
    def _get_open_revision(self):
        self.ensure_one()
        return self.search(
            [("revises_id", "=", self.id), ("state", "in", ("draft", "review"))],
            limit=1,
        )

    def action_revise(self):
        """Open the draft of the next edition; the present one stays in use."""
        self.ensure_one()
        if self.state != "published":
            raise UserError(self.env._("Only a published article has a next edition."))
        # sudo: who may not read a colleague's draft is told of it all the same
        revision = self.sudo()._get_open_revision().sudo(False)
        if not revision:
            self.browse().check_access("create")
            revision = self._make_revision(self.env.user)
        if not revision.has_access("read"):
            raise UserError(
                self.env._(
                    "%(author)s is writing the next edition already.",
                    author=revision.sudo().author_id.name,  # the name is no secret
                )
            )
        return revision._get_records_action()

    def _make_revision(self, author):
        self.ensure_one()
        return (
            self.sudo()
            .create(  # the caller has checked the article
                {
                    **self._get_words(),
                    "author_id": author.id,
                    "company_id": self.company_id.id,
                    "in_force_date": self.in_force_date,
                    "revises_id": self.id,
                    "edition_number": self.edition_number + 1,
                }
            )
            .sudo(False)
        )

    def action_retire(self):
        """Take an obsolete article out of use (003-41); it stays to be looked up."""
        if not self.env.user.has_group("cs_helpdesk.group_supervisor"):
            raise AccessError(self.env._("Supervisors archive articles."))
        self.check_access("write")
        articles = self.filtered(lambda a: a.state == "published")
        articles._put({"state": "archived", "active": False, "review_date": False})
        articles.activity_unlink(["mail.mail_activity_data_todo"])
        articles._message_log_batch(
            bodies={
                article.id: self.env._("Archived: obsolete.") for article in articles
            }
        )

    def _cron_open_reviews(self):
        """What was not looked at for a year goes to its author as a draft."""
        today = fields.Date.context_today(self)
        domain = [("state", "=", "published"), ("review_date", "<=", today)]
        due = self.search(domain, order="review_date, id", limit=BATCH)
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=self.search_count(domain))
        for article in due:
            article._open_review()
            if not progress(1):
                break

    def _open_review(self):
        """A draft with the same words, for whoever wrote it or the supervisors."""
        self.ensure_one()
        author = self.author_id._get_stand_in() or self._get_a_supervisor()
        if not self._get_open_revision():
            revision = self._make_revision(author)
            revision.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Review: is this still right?"),
                user_id=author.id,
            )
        self._put(
            {"review_date": fields.Date.add(self.review_date, months=REVIEW_MONTHS)}
        )

    def _get_a_supervisor(self):
        group = self.env.ref("cs_helpdesk.group_supervisor")
        people = group.all_user_ids.filtered(
            lambda u: u.active and self.company_id in u.company_ids
        )
        return people[:1] or self.env.ref("base.user_admin")
