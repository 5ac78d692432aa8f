/** Loaded first into each app: when the supervisor is gone, however it went, the app goes too. */
process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 5_000).unref();
});
// The line to the supervisor alone must not keep a finished app alive.
process.channel?.unref();
