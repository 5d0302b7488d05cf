-- The demo users that our addons bring, with their groups of ours, by role.
SELECT u.login, p.name,
       string_agg(COALESCE(g.name->>'zh_CN', g.name->>'en_US'), ', ' ORDER BY g.id)
  FROM ir_model_data d
  JOIN res_users u ON u.id = d.res_id AND u.active
  JOIN res_partner p ON p.id = u.partner_id
  LEFT JOIN res_groups_users_rel r ON r.uid = u.id
       AND r.gid IN (SELECT res_id FROM ir_model_data
                      WHERE model = 'res.groups' AND module LIKE 'cs\_%')
  LEFT JOIN res_groups g ON g.id = r.gid
 WHERE d.model = 'res.users' AND d.module LIKE 'cs\_%'
 GROUP BY u.id, u.login, p.name
 ORDER BY u.id;
