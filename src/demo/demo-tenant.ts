/** The demo's company. Both gateways lead to the mailbox page; the secrets are made anew for every run. */
export const demoTenantFile = `
tenant: { code: demo, name: Acme, domains: [id.acme.example], language: en, time_zone: UTC }
gateways:
  - { name: mail, channel: EMAIL, kind: mailbox }
  - { name: sms, channel: SMS, kind: mailbox }
templates:
  - event: reset-password
    channel: EMAIL
    language: en
    subject: Your new password
    text: |
      Hello {{ name }},

      your password was reset. Your new password is

          {{ password }}

      It works until {{ expires_at }}. When you sign in with it, you choose one of your own{% if sign_in_url != "" %}:
      {{ sign_in_url }}{% endif %}
      {% if not_me_url != "" %}
      Not you? {{ not_me_url }}
      {% endif %}
      Reference: {{ reference }}
  - event: reset-password
    channel: EMAIL
    language: zh
    subject: 您的新密码
    text: |
      {{ name }},您好:

      您的密码已重置,新密码是

          {{ password }}

      有效期至 {{ expires_at }}。登录后请设置您自己的密码{% if sign_in_url != "" %}：
      {{ sign_in_url }}{% endif %}
      {% if not_me_url != "" %}
      不是您本人？{{ not_me_url }}
      {% endif %}
      编号:{{ reference }}
  - event: reset-password
    channel: SMS
    language: en
    text: "Your new password is {{ password }} and works until {{ expires_at }}."
  - event: reset-password
    channel: SMS
    language: zh
    text: "您的新密码是 {{ password }} ,有效期至 {{ expires_at }}。"
organizations:
  - { code: acme, name: Acme }
  - { code: it, name: IT, parent_code: acme }
  - { code: sales, name: Sales, parent_code: acme }
users:
  - { user_name: alice, name: Alice, email: alice@acme.example, mobile: "+86-13800000001", org_code: it, language: en, password: "\${EMPLOYEE_PASSWORD}" }
  - { user_name: bob, name: Bob, email: bob@acme.example, mobile: "+86-13800000002", org_code: sales, language: zh, password: "\${EMPLOYEE_PASSWORD}" }
  - { user_name: carol, name: Carol, mobile: "+86-13800000003", org_code: sales, language: en }
applications:
  - { name: Help desk, client_id: helpdesk, client_secret: "\${HELPDESK_SECRET}", permissions: [user_all] }
`
