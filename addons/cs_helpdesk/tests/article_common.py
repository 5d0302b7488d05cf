from .common_desk import DeskCase


class ArticleCase(DeskCase):
    """A desk whose agents write, and whose supervisors publish."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls._user("desk_provider", "group_provider_agent")
        cls.supervisor2 = cls._user("desk_supervisor2", "group_supervisor")

    @classmethod
    def _draft(cls, user=None, **vals):
        values = {
            "name": "柜门下垂的铰链调节",
            "problem": "<p>柜门下垂，高低不齐</p>",
            "steps": "<p>用螺丝刀调节铰链</p>",
            **vals,
        }
        return cls.env["cs.article"].with_user(user or cls.agent).create(values)

    @classmethod
    def _published(cls, user=None, **vals):
        article = cls._draft(user, **vals)
        article.sudo()._publish()
        return article

    def _press(self, article, user):
        """Finish the step that stands on the screen."""
        article = article.with_user(user)
        article.invalidate_recordset()
        return article.with_context(
            cs_flow_step_id=article.current_step_id.id
        ).action_flow_finish()
