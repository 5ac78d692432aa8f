import { initAll as startGovuk } from '/assets/govuk-frontend.js';
import { initAll as startMoj } from '/assets/moj-frontend.js';
import { startSession } from '/assets/session.js';

startGovuk();
startMoj();
startSession();
