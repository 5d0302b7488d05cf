from . import cs_reveal_mixin  # before its heirs
from . import cs_phone_mixin  # before its heirs
from . import cs_secret_mixin  # before its heirs
from . import cs_partner_secret  # before its heirs
from . import cs_partner_file  # before its heirs
from . import cs_partner_abnormal  # before its heirs
from . import cs_user_provider  # before its heirs
from . import cs_partner_phone  # before its heirs
from . import cs_lead_phone  # before its heirs
from . import cs_cached_policy  # before its heirs
from . import cs_clock_sweep  # before its heirs
from . import cs_clock_excuse  # before its heirs
from . import cs_ticket_call  # before its heirs
from . import cs_user_call  # before its heirs
from . import cs_partner_call  # before its heirs
from . import cs_ticket_board  # before its heirs
from . import cs_company_fitness  # before its heirs
from . import cs_user_fitness  # before its heirs
from . import cs_partner_grant  # before res.partner
from . import cs_ticket_route  # before its heirs
from . import cs_partner_route  # before its heirs
from . import cs_user_shift  # before its heirs
from . import base
from . import cs_audit_log
from . import cs_audit_mixin
from . import cs_clock
from . import cs_clock_fact
from . import cs_time_strip  # before its heirs
from . import cs_clock_mixin
from . import cs_clock_notice
from . import cs_clock_reason
from . import cs_satisfaction_answer
from . import cs_satisfaction_question
from . import cs_ticket_duplicate
from . import cs_ticket_gate
from . import cs_ticket_idle
from . import cs_ticket_satisfaction
from . import cs_complete_name_mixin
from . import cs_ticket_mail
from . import cs_ticket_portal
from . import cs_complainant_tag
from . import cs_complaint_grade
from . import cs_complaint_trigger
from . import cs_outside_source
from . import cs_ticket_clock
from . import cs_ticket_grade  # before its heirs
from . import cs_ticket_complaint
from . import cs_ticket_livechat
from . import cs_ticket_split
from . import cs_ticket_merge_log
from . import cs_ticket_merge
from . import cs_ticket_people
from . import cs_ticket_step
from . import cs_import_job
from . import cs_ticket_history
from . import cs_ticket_import
from . import cs_ticket_import_format
from . import cs_ticket_import_row
from . import cs_ticket_responsibility  # before its heirs
from . import cs_ticket_feedback
from . import cs_ticket_files
from . import cs_ticket_round
from . import cs_ticket_transfer
from . import cs_ticket_hand_up
from . import cs_ticket_type
from . import cs_ticket_urge
from . import cs_ticket_urging
from . import cs_ticket_viewer
from . import cs_ticket_watch
from . import cs_time_limit
from . import cs_viewer
from . import cs_worktime_source
from . import cs_workbench_link
from . import discuss_channel
from . import cs_ticket_phone
from . import cs_ticket_provider
from . import cs_service_kind
from . import cs_provider
from . import cs_provider_issue
from . import cs_reveal_log
from . import cs_leak_alert
from . import cs_partner_change
from . import cs_field_sensitivity
from . import cs_leak_report
from . import cs_desk_record  # before its heirs
from . import cs_phrase_scenario
from . import cs_phrase
from . import cs_phrase_hit
from . import cs_promise
from . import cs_department
from . import cs_assist
from . import cs_assist_notice
from . import cs_joint_plan
from . import cs_mediation
from . import cs_ticket_assist
from . import cs_ticket_report
from . import cs_revisit_rule
from . import cs_revisit
from . import cs_revisit_attempt
from . import cs_ticket_revisit
from . import cs_macro
from . import cs_macro_line
from . import cs_ticket_phrase
from . import cs_ticket_promise
from . import cs_ticket_audit
from . import cs_ticket_fault  # before its heirs
from . import cs_ticket_grant
from . import cs_ticket_register  # before its heir
from . import helpdesk_ticket
from . import helpdesk_ticket_category
from . import helpdesk_ticket_channel
from . import helpdesk_ticket_stage
from . import helpdesk_ticket_team
from . import im_livechat_channel
from . import ir_attachment
from . import ir_binary
from . import mail_mail
from . import ir_websocket
from . import mail_thread
from . import rating_rating
from . import res_company
from . import res_config_settings
from . import res_partner
from . import res_users
from . import resource_calendar
from . import resource_calendar_attendance
from . import resource_calendar_leaves
from . import resource_calendar_makeup
from . import helpdesk_ticket_tag
from . import ir_config_parameter
from . import ir_model_access
from . import ir_rule
from . import mail_message
from . import res_groups
from . import cs_register_schedule  # before its heirs
from . import cs_register_job  # before its heirs
from . import cs_register_recount  # before its heirs
from . import cs_register_paper  # before its heirs
from . import cs_measure
from . import cs_register
from . import cs_register_column
from . import cs_register_issue
from . import cs_register_signature
from . import cs_register_difference
from . import cs_flow_bar
from . import cs_flow_owner
from . import cs_flow_move
from . import cs_flow_portal
from . import cs_flow
from . import cs_flow_stage
from . import cs_flow_step
from . import cs_flow_mixin
from . import cs_suggestion
from . import cs_search_word
from . import cs_article_search  # before its heirs
from . import cs_article_review  # before its heirs
from . import cs_article_usage  # before its heirs
from . import cs_article_portal  # before its heirs
from . import cs_article
from . import cs_article_reading
from . import cs_article_use
from . import cs_knowledge_gap
from . import cs_schedule_mixin  # before its heirs
from . import cs_press_mixin  # before its heirs
from . import cs_picture_mixin  # before its heirs
from . import cs_checklist
from . import cs_checklist_item
from . import cs_checklist_fact_system  # before its heirs
from . import cs_checklist_fact_security  # before its heirs
from . import cs_checklist_fact_day  # before its heirs
from . import cs_checklist_fact
from . import cs_checklist_run
from . import cs_checklist_run_line
from . import cs_checklist_finding
from . import cs_read_receipt
from . import cs_read_mixin  # before its heirs
from . import cs_announcement
from . import calendar_event
from . import cs_meeting_series
from . import cs_task
from . import cs_journal
from . import cs_journal_fact
from . import cs_received_document
from . import cs_incident
from . import cs_equipment
from . import cs_upgrade_plan
from . import cs_backup_log
from . import cs_call_event
from . import cs_call_callback  # before its heirs
from . import cs_call_cti  # before its heirs
from . import cs_call_desk  # before its heirs
from . import cs_call_guide  # before its heirs
from . import cs_call_media  # before its heirs
from . import cs_call_nuisance  # before its heirs
from . import cs_call_number  # before its heirs
from . import cs_call_pop  # before its heirs
from . import cs_call_promise  # before its heirs
from . import cs_call
from . import cs_callback
from . import cs_phone_ban
from . import cs_lead_class
from . import crm_lead
from . import cs_qualification
from . import cs_certificate
from . import cs_fitness_override
from . import cs_training_plan
from . import cs_training
from . import cs_training_line
from . import cs_undertaking_text
from . import cs_undertaking
from . import cs_survey_evaluation
from . import survey_survey
from . import survey_user_input
from . import cs_access_grant
from . import cs_extraction_column
from . import cs_request_theme
from . import cs_request_access
from . import cs_request_instruction
from . import cs_request_extraction
from . import cs_request_file  # before its heir
from . import cs_request
from . import cs_extraction
from . import calendar_attendee
from . import crm_team_member
from . import resource_resource
from . import cs_shift_rules  # before its heirs
from . import cs_shift_after  # before its heirs
from . import cs_handover_gates  # before its heirs
from . import cs_skill
from . import cs_agent
from . import cs_route
from . import cs_route_pass
from . import cs_route_decision
from . import cs_route_desk
from . import cs_line
from . import cs_shift_kind
from . import cs_shift
from . import cs_shift_swap
from . import cs_duty_log
from . import cs_handover_line
from . import cs_handover
