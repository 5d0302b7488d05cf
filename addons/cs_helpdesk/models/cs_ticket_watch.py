from datetime import timedelta

from odoo import api, fields, models


class CsTicketWatch(models.AbstractModel):
    """Facts drawn from changes of a ticket, whoever makes them.

    Owner, team and grade change by ``write`` and by computes, which never pass
    ``write``. Both ways are noted here and answered once, before the commit.
    """

    _name = "cs.ticket.watch"
    _description = "Watched Changes of a Ticket"

    @api.model
    def _watched_fields(self):
        """Names of stored many2one fields whose changes are answered."""
        return set()

    def _watched_changed(self, changes):
        """Answer changes; called in sudo, before the commit. Extend with ``super()``.

        :param changes: {ticket: {"at": naive UTC datetime, "uid": user id,
            "created": bool, "history": bool, "old": {field name: id or False}}};
            ``history`` is no news to anybody, ``old`` holds only what differs now
        """

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        tickets._watch(self._watched_fields(), created=True)
        return tickets

    def write(self, vals):
        self._watch(vals)
        return super().write(vals)

    def unlink(self):
        result = super().unlink()
        notes = self.env.cr.precommit.data.get("cs.ticket.watch", {})
        for id_ in self._ids:
            notes.pop(id_, None)
        return result

    def _compute_field_value(self, field):
        computed = self.pool.field_computed[field]
        # what is watched refers to a record: most computed fields do not
        names = [f.name for f in computed if f.store and f.type == "many2one"]
        if names:
            self._watch(names)
        return super()._compute_field_value(field)

    def _watch(self, names, created=False):
        names = self._watched_fields().intersection(names)
        ids = [id_ for id_ in self._ids if id_]
        if not (names and ids):
            return
        cr = self.env.cr
        cr.precommit.add(self.browse()._watch_finalize)
        notes = cr.precommit.data.setdefault("cs.ticket.watch", {})
        at = self._event_time()
        facts = {
            "at": at,
            "uid": self.env.uid,
            "created": created,
            "history": self._is_history(at),
        }
        for ticket in self.browse(ids):
            if created:
                notes[ticket.id] = dict(facts, old=dict.fromkeys(names, False))
                continue
            note = notes.setdefault(ticket.id, dict(facts, old={}))
            for name in names - note["old"].keys():
                note["old"][name] = ticket[name].id

    @api.model
    def _is_history(self, at):
        """Whether something happened too long ago to be news: an import replays it."""
        return fields.Datetime.now() - at > timedelta(hours=1)

    def _watch_discard(self, name):
        """Forget a pending change that its own method has answered already."""
        self._watch([name])
        notes = self.env.cr.precommit.data["cs.ticket.watch"]
        for ticket in self:
            notes[ticket.id]["old"][name] = ticket[name].id

    def _watch_finalize(self):
        notes = self.env.cr.precommit.data.pop("cs.ticket.watch", {})
        changes = {}
        for ticket in self.sudo().browse(notes):
            note = notes[ticket.id]
            old = {n: was for n, was in note["old"].items() if ticket[n].id != was}
            if old:
                changes[ticket] = dict(note, old=old)
        if changes:
            self.sudo()._watched_changed(changes)
            # called after the main flush and just before the commit
            self.env.flush_all()
