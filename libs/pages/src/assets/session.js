/** Warns five minutes before the session ends. Without scripts, the foot of every page says when that is. */
const warnFor = 5 * 60;

export function startSession() {
  const dialog = document.querySelector('[data-session-seconds]');
  if (!dialog) return;
  const part = (name) => dialog.querySelector(`[data-session-${name}]`);
  const whole = Number(dialog.dataset.sessionSeconds);
  // Any page of this service keeps the session alive, in whichever tab it is opened.
  const tabs = 'BroadcastChannel' in window ? new BroadcastChannel('session') : undefined;
  const title = dialog.querySelector('h2');
  const soon = title.textContent;
  let endsAt;
  let timer;

  function begin(seconds) {
    endsAt = Date.now() + seconds * 1000;
    part('soon').hidden = part('stay').hidden = false;
    part('over').hidden = part('again').hidden = true;
    title.textContent = soon;
    if (dialog.open) dialog.close();
    clearInterval(timer);
    // By the clock, not by counting: a computer that slept has missed its turns.
    timer = setInterval(look, 1000);
  }

  function look() {
    const left = Math.ceil((endsAt - Date.now()) / 1000);
    if (left > warnFor) return;
    const minutes = Math.ceil(left / 60);
    const words = minutes > 1 ? `${minutes} minutes` : 'less than a minute';
    if (part('left').textContent !== words) part('left').textContent = words;
    if (left <= 0) {
      clearInterval(timer);
      part('soon').hidden = part('stay').hidden = true;
      part('over').hidden = part('again').hidden = false;
      title.textContent = 'You were signed out';
    }
    if (!dialog.open) dialog.showModal();
  }

  part('stay').addEventListener('click', async () => {
    const answer = await fetch('/session', { redirect: 'manual' }).catch(() => undefined);
    const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), 'text/html') : undefined;
    const seconds = Number(page?.querySelector('[data-session-seconds]')?.dataset.sessionSeconds ?? 0);
    const said = page?.querySelector('.app-footer__session');
    if (said) document.querySelector('.app-footer__session').replaceWith(said);
    begin(seconds);
    if (seconds > 0) tabs?.postMessage(seconds);
  });
  part('again').addEventListener('click', () => dialog.close());
  tabs?.addEventListener('message', ({ data }) => begin(Number(data)));
  tabs?.postMessage(whole);
  begin(whole);
}
