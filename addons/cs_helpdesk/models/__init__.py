from . import cs_ticket_duplicate
from . import cs_ticket_type
from . import helpdesk_ticket
from . import helpdesk_ticket_channel
from . import helpdesk_ticket_stage
from . import helpdesk_ticket_team
from . import res_partner
