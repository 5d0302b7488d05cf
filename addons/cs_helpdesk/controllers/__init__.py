from . import pivot_export
from . import portal_ticket
from . import portal_ticket_form
from . import satisfaction
from . import portal_merge
from . import portal_verdict
from . import portal_article
