from odoo import fields, models

# who reads telephone numbers in full
PHONE_GROUPS = "cs_helpdesk.group_phone_reader"


class CsCallEvent(models.Model):
    """One thing that happened on a call, with its moment; only ever added.

    The first eight come from the line, the others from the person who speaks.
    """

    _name = "cs.call.event"
    _description = "Event of a Call"
    _order = "at, id"

    call_id = fields.Many2one("cs.call", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True)
    event = fields.Selection(
        [
            ("queued", "In the Queue"),
            ("ringing", "Ringing"),
            ("answered", "Picked Up"),
            ("hold", "On Hold"),
            ("resume", "Back"),
            ("ended", "Ended"),
            ("missed", "Not Answered"),
            ("voicemail", "Voicemail"),
            ("greet", "Greeting"),
            ("identify", "Who Is It"),
            ("listen", "Listening"),
            ("restate", "Repeating It"),
            ("handle", "Handling"),
            ("confirm", "Understood?"),
            ("promise", "Promise"),
            ("close", "Closing"),
            ("log", "Record"),
            ("silent_1", "No Voice: Asked"),
            ("silent_2", "No Voice: Asked Again"),
            ("silent_3", "No Voice: Told to Call Again"),
            ("low_voice", "Low Voice: Asked"),
            ("noise", "Noise: Told to Call Again"),
            ("stays_1", "Still There: Asked"),
            ("stays_2", "Still There: Announced"),
            ("hang_up", "Hung Up by the Agent"),
            ("knowledge", "Looked Up"),
            ("warned", "Caller Warned"),
        ],
        required=True,
    )
    at = fields.Datetime(required=True)
    user_id = fields.Many2one("res.users")
    source = fields.Selection(
        [("cti", "Telephone System"), ("desk", "Agent")], required=True, default="cti"
    )

    # also the index of the foreign key, and of the order
    _once = models.UniqueIndex(
        "(call_id, at, event)", "This event of the call is here already."
    )
    _order_idx = models.Index("(at, id)")
    _rate_idx = models.Index("(create_uid, create_date) WHERE source = 'cti'")
