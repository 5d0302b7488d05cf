from odoo import models
from odoo.exceptions import AccessError


class CsTicketViewer(models.AbstractModel):
    """Somebody else is looking at this ticket (P9): shown live on the form.

    A tab gives a sign of life every 25 seconds and gets the present company as the
    answer; joining, leaving and starting to edit are pushed over the bus at once.
    """

    _name = "cs.ticket.viewer"
    _description = "Ticket: Viewers"

    def viewer_beat(self, tab, editing=False):
        """This user's browser tab shows the ticket.

        :param str tab: name the tab gave itself
        :param bool editing: whether it holds unsaved changes
        :return: see ``cs.viewer._present``
        :raise AccessError: for those who may not read the ticket, and for customers
        """
        self.ensure_one()
        self._check_viewer()
        tab = str(tab)[:36]
        changed = self.env["cs.viewer"]._beat(self.id, tab, bool(editing))
        present = self.env["cs.viewer"]._present(self.id)
        if changed:
            self._send_viewers(present)
        return present

    def viewer_leave(self, tab):
        """This user's browser tab shows the ticket no more."""
        self.ensure_one()
        if self.env["cs.viewer"]._leave(self.id, str(tab)[:36]):
            self._send_viewers(self.env["cs.viewer"]._present(self.id))

    def _check_viewer(self):
        if not self.env.user._is_internal():
            raise AccessError(
                self.env._("Only employees can see who works on a ticket.")
            )
        self.check_access("read")

    def _send_viewers(self, present):
        # the channel is the record itself: nobody can join it by guessing its name
        self.env["bus.bus"]._sendone(
            (self, "viewers"),
            "cs_helpdesk.viewers",
            {"ticket_id": self.id, "viewers": present},
        )
