/**
 * What pages are better with, and complete without: a password that can be looked at, a policy that is ticked off while
 * one types, a lock that counts down, a warning before a session ends, buttons that are pressed once.
 */
export const pageScript = `'use strict'
const all = (selector) => [...document.querySelectorAll(selector)]

for (const button of all('[data-reveal]')) {
  const input = document.getElementById(button.dataset.reveal)
  button.hidden = false
  button.addEventListener('click', () => {
    const isShown = input.type === 'password'
    input.type = isShown ? 'text' : 'password'
    button.textContent = isShown ? button.dataset.hide : button.dataset.show
    button.setAttribute('aria-pressed', String(isShown))
    input.focus()
  })
  // sent as a password, so that browsers do not keep it among what was typed
  input.form.addEventListener('submit', () => { input.type = 'password' })
}

for (const list of all('[data-check]')) {
  const input = document.getElementById(list.dataset.check)
  const said = document.getElementById(list.dataset.said)
  const items = [...list.querySelectorAll('[data-rule]')]
  let timer
  let newest = 0
  const show = (broken) => {
    for (const item of items) {
      const isMet = broken !== undefined && !broken.includes(item.dataset.rule)
      item.classList.toggle('met', isMet)
      item.querySelector('.state').textContent =
        broken === undefined ? '' : isMet ? list.dataset.met : list.dataset.notMet
    }
    said.textContent = broken !== undefined && broken.length === 0 ? list.dataset.good : ''
  }
  const check = async () => {
    const mine = ++newest
    if (input.value === '') return show(undefined)
    const body = new URLSearchParams({
      form_token: input.form.elements.form_token.value,
      new_password: input.value,
    })
    try {
      const answer = await fetch('/password-check', { method: 'POST', body, cache: 'no-store' })
      if (!answer.ok) return
      const { broken } = await answer.json()
      if (mine === newest) show(broken)
    } catch {
      // the server judges it again when it is sent
    }
  }
  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(check, 250)
  })
}

for (const element of all('[data-until]')) {
  const until = Date.now() + Number(element.dataset.until) * 1000
  const timer = setInterval(() => {
    const seconds = Math.ceil((until - Date.now()) / 1000)
    if (seconds <= 0) {
      clearInterval(timer)
      element.textContent = element.dataset.over
      return
    }
    element.textContent = element.dataset.text
      .replace('{m}', String(Math.floor(seconds / 60)))
      .replace('{s}', String(seconds % 60))
  }, 1000)
}

for (const dialog of all('dialog[data-idle]')) {
  const milliseconds = Math.max(0, Number(dialog.dataset.idle) * 1000)
  setTimeout(() => { dialog.showModal() }, milliseconds)
}

addEventListener('submit', (event) => {
  if (event.defaultPrevented) return
  const button = event.submitter
  // after the form's fields are gathered
  setTimeout(() => { if (button !== null) button.disabled = true })
})
addEventListener('pageshow', () => {
  for (const button of all('button:disabled')) button.disabled = false
})
`
