from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain

SUPERVISOR = "cs_helpdesk.group_supervisor"
MANAGER = "cs_helpdesk.group_manager"


class CsFlowOwner(models.AbstractModel):
    """Whose a step is, who may act for him, and who may not."""

    _name = "cs.flow.owner"
    _description = "Owner of a Flow Step"

    # ------------------------------------------------------------------
    # Who may act
    # ------------------------------------------------------------------
    def _get_own_domain(self, user):
        """Steps of a person, of his groups and of those he stands in for."""
        absent = user.sudo().search(  # whom one stands in for is no secret to him
            [("deputy_id", "=", user.id), ("id", "!=", user.id)]
        )
        users = user | absent.filtered(lambda u: u._get_stand_in() == user)
        return (
            Domain("user_id", "in", users.ids)
            | Domain("group_id", "in", user.all_group_ids.ids)
            | Domain("partner_id", "in", self._get_partners(user).ids)
        )

    def _get_partners(self, user):
        """For whom an outside person acts: himself and his company."""
        partner = user.sudo().partner_id  # his own
        return partner | partner.commercial_partner_id if user.share else partner

    def _get_capacity(self, user):
        """In which capacity a person may finish this step without an override.

        :return: (capacity, the user he acts for): "owner", "partner" or "deputy";
            or an empty tuple
        """
        self.ensure_one()
        step = self.sudo()  # who he is was given; only the owner is compared
        nobody = user.browse()
        if user == step.user_id or step.group_id in user.sudo().all_group_ids:
            return ("owner", nobody)
        if step.partner_id and step.partner_id in self._get_partners(user):
            return ("partner", nobody)
        if step.user_id and step.user_id._get_stand_in() == user:
            return ("deputy", step.user_id)
        return ()

    def _check_actor(self, user, override_reason=None):
        """Who may not finish this step is told why in one sentence.

        :param str override_reason: a supervisor acts in place of the owner
        :return: (capacity, the user he acts for)
        :raise AccessError: neither owner nor deputy, or he asked for it himself
        """
        self.ensure_one()
        capacity = self._get_capacity(user)
        if not capacity and override_reason and user.has_group(SUPERVISOR):
            capacity = ("supervisor", user.browse())
        if not capacity:
            raise AccessError(
                self.env._(
                    "“%(step)s” belongs to %(owner)s: ask there.",
                    step=self.name,
                    owner=self.owner_name,
                )
            )
        requester = self.sudo().requester_id  # compared, not shown
        if self.approval and requester and requester in (user, capacity[1]):
            raise AccessError(
                self.env._(
                    "“%(step)s”: nobody decides on what he asked for himself, nor "
                    "does his deputy for him.",
                    step=self.name,
                )
            )
        return capacity

    # ------------------------------------------------------------------
    # Never nobody's
    # ------------------------------------------------------------------
    def _resolve_owner(self, owner, company, requester=None):
        """An owner who is there: the deputy, then the supervisor, stand in for him.

        :param dict owner: user_id, group_id, partner_id as the definition names them
        :param requester: who may not be the only one to decide, or nobody
        :return: dict of user_id, group_id, partner_id, fallback
        """
        user = self.env["res.users"].browse(owner.get("user_id") or [])
        group = self.env["res.groups"].browse(owner.get("group_id") or [])
        result = {
            "user_id": False,
            "group_id": False,
            "partner_id": owner.get("partner_id") or False,
            "fallback": False,
        }
        if result["partner_id"] and not (user or group):
            return result
        if user and user.active and user != requester:
            # an absent person keeps his step; his deputy may act for him
            return {**result, "user_id": user.id, "group_id": group.id}
        if self._get_members(group, company, requester):
            return {**result, "group_id": group.id}
        deputy = user.deputy_id
        if user != requester and deputy and deputy != requester and deputy.active:
            why = self.env._("In place of %(name)s.", name=user.name)
            return {**result, "user_id": deputy.id, "fallback": why}
        name = user.name or group.name
        why = name and self.env._("%(name)s: nobody there can act.", name=name)
        for xmlid in (SUPERVISOR, MANAGER, "base.group_system"):
            upper = self.env.ref(xmlid)
            if self._get_members(upper, company, requester):
                return {**result, "group_id": upper.id, "fallback": why}
        admin = self.env.ref("base.user_admin").id
        return {**result, "user_id": admin, "fallback": why}

    def _get_members(self, group, company, requester=None):
        """People of a group who could act in a company; the requester is no help."""
        robot = self.env.ref("base.user_root")
        return group.all_user_ids.filtered(
            lambda u: u.active
            and not u.share
            and company in u.company_ids
            and u != robot
            and u != requester
        )

    def _mend_owners(self):
        """Give open steps whose owner has left to those who stand in for him.

        Called when people are archived or lose their groups.
        """
        for user, group, company, found in self._read_group(
            [("state", "=", "running"), ("partner_id", "=", False)],
            ["user_id", "group_id", "company_id"],
            ["id:recordset"],
        ):
            if user.active or self._get_members(group, company):
                continue
            for step in found:
                requester = step.requester_id if step.approval else None
                owner = {"user_id": user.id, "group_id": group.id}
                step._hand_to(self._resolve_owner(owner, company, requester))

    def _hand_to(self, owner):
        self.write(owner)
        self.clock_id.write({name: owner[name] for name in ("user_id", "group_id")})
