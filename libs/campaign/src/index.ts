export { type AtRisk, type Lack, lacks, readRisk, type Reason, type RiskList, tellOfRisk } from './at-risk';
export {
  batchSize,
  type Campaign,
  campaignOf,
  type CampaignRefused,
  campaigns,
  campaignYears,
  type LeftOut,
  mayRunCampaigns,
  type NotBegun,
  notBegun,
  readYear,
  runAgain,
  startCampaign,
} from './campaign';
export { type Batch, beginBatch, type CampaignTools } from './campaign-work';
export { lastDays, leftOutWhy, type LeftOutWhy, type Mover, type Movers, readMovers, type Undecided } from './movers';
export {
  campaignPhases,
  forAPerson,
  type ForAPerson,
  type MayMove,
  staying,
  type Staying,
  type Taught,
  whoMoves,
} from './who-moves';
export { listDueBy, makeReviewLists, sendReviewList } from './review-lists';
