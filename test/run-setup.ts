/** Before any spec: names this run as the one that keeps the test servers up. They start when the first spec asks. */
export default function setUp(): void {
  process.env['TEST_RUN_PID'] = String(process.pid);
}
