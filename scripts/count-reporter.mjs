import { writeFileSync } from 'node:fs';

/**
 * Writes down how many tests passed, failed and were skipped. Jest's own `--json` writes every failure in full, and ends
 * with an error and no report at all where a failure's details refer to themselves, as a state machine does.
 */
export default class CountReporter {
  onRunComplete(contexts, results) {
    const count = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
      failures: results.testResults.flatMap(({ testFilePath, testExecError, testResults }) => [
        ...(testExecError ? [`${testFilePath}: ${testExecError.message}`] : []),
        ...testResults
          .filter(({ status }) => status === 'failed')
          .map(({ fullName }) => `${testFilePath}: ${fullName}`),
      ]),
    };
    writeFileSync(process.env['TEST_COUNT_FILE'], `${JSON.stringify(count, null, 2)}\n`);
  }
}
