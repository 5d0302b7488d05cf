from . import cs_flow_timeline
