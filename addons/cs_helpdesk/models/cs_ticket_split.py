from odoo import api, fields, models
from odoo.exceptions import UserError


class CsTicketSplit(models.AbstractModel):
    """One ticket about two matters becomes two, linked both ways (P8)."""

    _name = "cs.ticket.split"
    _description = "Splitting of Tickets"

    split_from_id = fields.Many2one(
        "helpdesk.ticket",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    split_from_date = fields.Datetime(
        string="Original Received", related="split_from_id.received_date"
    )
    split_ids = fields.One2many(
        "helpdesk.ticket",
        "split_from_id",
        string="Split Tickets",
        context={"active_test": False},
    )

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {"split_from_id"}

    def _split_off(self, vals, messages, copy=False):
        """Make a ticket of a part of this one; its clocks start now.

        :param dict vals: what the new ticket is about
        :param messages: ``mail.message`` of this ticket that belong to the new one
        :param bool copy: leave the messages here too
        :return: the new ticket
        """
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update(allow_referencing=True)
        if messages.filtered(lambda m: m.model != self._name or m.res_id != self.id):
            raise UserError(self.env._("Please choose messages of this ticket only."))
        new = self.create(self._prepare_split() | vals)
        # sudo: both tickets may be written; messages change hands by no right of users
        old_sudo, new_sudo = self.sudo(), new.sudo()
        new_sudo.split_from_id = self
        if copy:
            old_sudo._split_copy_messages(messages.sudo(), new_sudo)
        else:
            old_sudo._merge_move_documents(
                {
                    "mail.message": messages.ids,
                    "ir.attachment": messages.sudo().attachment_ids.ids,
                },
                new_sudo,
            )
        new_sudo.message_subscribe(self.message_partner_ids.ids)
        new._message_log(body=self.env._("Split from %s.", self._get_html_link()))
        self._message_log(body=self.env._("%s was split off.", new._get_html_link()))
        return new

    def _prepare_split(self):
        return {
            "partner_id": self.partner_id.id,
            "partner_name": self.partner_name,
            "partner_email": self.partner_email,
            # sudo: the new ticket carries the number, as hidden as here
            "customer_phone": self.sudo().customer_phone,
            "channel_id": self.channel_id.id,
            "company_id": self.company_id.id,
            "user_id": self.user_id.id,
        }

    def _split_copy_messages(self, messages, new):
        for message in messages.sorted("id"):
            files = message.attachment_ids.filtered(lambda a: a.res_id == self.id)
            copies = files.copy({"res_id": new.id}) if files else files
            message.copy(
                {
                    "res_id": new.id,
                    # a reply must find one message, the original
                    "message_id": message._get_message_id(
                        {"model": new._name, "res_id": new.id}
                    ),
                    "attachment_ids": (message.attachment_ids - files + copies).ids,
                }
            )
