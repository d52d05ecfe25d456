/** Everything a user may import from 'revealed', and nothing else. */

export type {
  Algorithm,
  Fit,
  FitOptions,
  FitProgress,
  FitStop,
} from './algorithms/algorithm.ts';
export { finish } from './algorithms/algorithm.ts';
export type { Behavior, VisitChoice } from './algorithms/behavior.ts';
export { behaviorCloning, behaviorCloningPerGoal } from './algorithms/behaviorCloning.ts';
export { causalEntropy } from './algorithms/causalEntropy.ts';
export { causalEntropyLoop } from './algorithms/causalEntropyLoop.ts';
export { conditionalLogit } from './algorithms/conditionalLogit.ts';
export { createCriterion } from './algorithms/createCriterion.ts';
export {
  epsilonOptimalLog,
  type LikeliestEpsilon,
  likeliestEpsilon,
  type SlipCounts,
} from './algorithms/epsilonOptimal.ts';
export type { Curvature, Information, ScoreProducts } from './algorithms/information.ts';
export { latentClasses } from './algorithms/latentClasses.ts';
export {
  type LikelihoodAt,
  type LikelihoodModel,
  likelihoodModel,
} from './algorithms/likelihoodModel.ts';
export { maxEntropy } from './algorithms/maxEntropy.ts';
export { causalEntropyNetwork } from './algorithms/network/causalEntropyNetwork.ts';
export { cloningNetwork } from './algorithms/network/cloningNetwork.ts';
export { NetworkOptions } from './algorithms/network/networkOptions.ts';
export {
  fitOffline,
  type OfflineEstimate,
  type OfflineFit,
  type OfflineFitOptions,
  OfflineOptions,
  type OfflineProgress,
} from './algorithms/offline/fitOffline.ts';
export type { OfflineProblem } from './algorithms/offline/offlineProblem.ts';
export {
  type JudgedChoices,
  type OptimalChoices,
  optimalChoices,
} from './algorithms/optimalChoices.ts';
export type { Problem } from './algorithms/problem.ts';
export { causalEntropyLog } from './algorithms/sampled/causalEntropyLog.ts';
export {
  causalEntropySimulator,
  fitBySampling,
} from './algorithms/sampled/causalEntropySampled.ts';
export { SampledOptions } from './algorithms/sampled/sampledOptions.ts';
export { agentReturns } from './algorithms/simulated/agentReturns.ts';
export {
  fitSimulated,
  type SimulatedFitOptions,
  type SimulatedProgress,
} from './algorithms/simulated/fitSimulated.ts';
export {
  LinearNetworkRewardOptions,
  linearNetworkReward,
} from './algorithms/simulated/linearNetworkReward.ts';
export {
  type NetworkStepReward,
  NetworkStepRewardOptions,
  networkStepReward,
} from './algorithms/simulated/networkStepReward.ts';
export {
  type PaidWorld,
  PlanSimulatedOptions,
  type PlanSimulatedProgress,
  planSimulated,
} from './algorithms/simulated/planSimulated.ts';
export { type RecordedEpisodes, recordEpisodes } from './algorithms/simulated/recordEpisodes.ts';
export { scaledAgent } from './algorithms/simulated/scaledAgent.ts';
export type { FeatureGap, SimulatedFit } from './algorithms/simulated/simulatedFit.ts';
export { SimulatedOptions } from './algorithms/simulated/simulatedOptions.ts';
export type { OfferedActions, SimulatedProblem } from './algorithms/simulated/simulatedProblem.ts';
export {
  createSoftActorCriticAgent,
  SoftActorCriticAgentOptions,
} from './algorithms/simulated/softActorCriticAgent.ts';
export type { SoftAgent } from './algorithms/simulated/softAgent.ts';
export { createSoftQAgent, SoftQAgentOptions } from './algorithms/simulated/softQAgent.ts';
export { axisBins } from './demonstrations/discretize/axisBins.ts';
export {
  type DiscretizationError,
  discretizationError,
} from './demonstrations/discretize/discretizationError.ts';
export type {
  Discretizer,
  DiscretizerRule,
  SavedDiscretizer,
} from './demonstrations/discretize/discretizer.ts';
export { gridCells } from './demonstrations/discretize/gridCells.ts';
export { hexCells } from './demonstrations/discretize/hexCells.ts';
export { kMeansCells } from './demonstrations/discretize/kMeansCells.ts';
export type { LatticeDiscretizer } from './demonstrations/discretize/lattice.ts';
export { restoreDiscretizer } from './demonstrations/discretize/registry.ts';
export { type TileCoding, tileCoding } from './demonstrations/discretize/tileCoding.ts';
export { dealFolds } from './demonstrations/folds.ts';
export { estimateNoise, type NoiseEstimate } from './demonstrations/matching/estimateNoise.ts';
export {
  type MatchedPiece,
  type MatchedTrip,
  MatchOptions,
  type TripBreak,
  tripMatcher,
} from './demonstrations/matching/matchTrip.ts';
export type { LinkPoint } from './demonstrations/matching/nearbyLinks.ts';
export {
  type Coordinates,
  planeAround,
  type RoadLink,
  type RoadNetwork,
  roadNetwork,
} from './demonstrations/matching/roadNetwork.ts';
export { type ActionOptions, actions } from './demonstrations/pipeline/actions.ts';
export { type CleanRow, clean, type RefuseRules } from './demonstrations/pipeline/clean.ts';
export type { Collected } from './demonstrations/pipeline/collect.ts';
export {
  type AnswerQuery,
  type CountOptions,
  countLines,
  countVisits,
  countVisitsIn,
  type VisitCount,
  type VisitCounts,
} from './demonstrations/pipeline/countVisits.ts';
export type { DeadLetter } from './demonstrations/pipeline/deadLetter.ts';
export { type DiscretizeOptions, discretize } from './demonstrations/pipeline/discretize.ts';
export type { Learned } from './demonstrations/pipeline/encode.ts';
export { field } from './demonstrations/pipeline/field.ts';
export { type GoalOptions, type GoalRule, goals } from './demonstrations/pipeline/goals.ts';
export type { Manifest, StageReport } from './demonstrations/pipeline/manifest.ts';
export { graphOfEdges, graphWithin, type MoveGraph } from './demonstrations/pipeline/moveGraph.ts';
export {
  pipeline,
  type RecordPipeline,
  type RowPipeline,
  type TrackPipeline,
} from './demonstrations/pipeline/pipeline.ts';
export type { MoveFeatures, Moves, SeenMove } from './demonstrations/pipeline/plan.ts';
export type { WorldMove } from './demonstrations/pipeline/recordedWorld.ts';
export type { SessionColumns, SessionOptions } from './demonstrations/pipeline/sessionRules.ts';
export { sessions } from './demonstrations/pipeline/sessions.ts';
export { type SplitOptions, split } from './demonstrations/pipeline/split.ts';
export {
  type Outlet,
  type Refusal,
  type Stage,
  type StageCounts,
  type StageRun,
  through,
} from './demonstrations/pipeline/stage.ts';
export type { Ending, Track, Values } from './demonstrations/pipeline/track.ts';
export { type VisitColumns, visitsQuery } from './demonstrations/pipeline/visitsQuery.ts';
export type { PipelineProgress, WriteOptions } from './demonstrations/pipeline/writeFolder.ts';
export { borlange } from './demonstrations/recorded/borlange.ts';
export { borlangeSplits } from './demonstrations/recorded/borlangeSplits.ts';
export { busEngine } from './demonstrations/recorded/busEngine.ts';
export { dataFile, findDataFile } from './demonstrations/recorded/dataHome.ts';
export {
  pedestriansByScene,
  pedestriansByTime,
} from './demonstrations/recorded/pedestrianSplits.ts';
export {
  type Pedestrians,
  pedestrians,
  type Walker,
} from './demonstrations/recorded/pedestrians.ts';
export {
  PedestrianWalksOptions,
  pedestrianWalks,
} from './demonstrations/recorded/pedestrianWalks.ts';
export { shanghaiSplits } from './demonstrations/recorded/shanghaiSplits.ts';
export { shanghaiTaxi } from './demonstrations/recorded/shanghaiTaxi.ts';
export {
  type FirstStageSampling,
  type SharesStage,
  sharesStage,
} from './demonstrations/sharesStage.ts';
export { CsvOptions, csvSource } from './demonstrations/sources/csvSource.ts';
export {
  type Episode,
  type EpisodeEnd,
  type EpisodeFile,
  type EpisodeLayout,
  EpisodeOptions,
  type EpisodeSpace,
  type Episodes,
  episodeSource,
  readEpisodes,
} from './demonstrations/sources/episodes.ts';
export { openEpisodesTable } from './demonstrations/sources/episodesTable.ts';
export { geoJsonSource } from './demonstrations/sources/geoJsonSource.ts';
export { gpxSource } from './demonstrations/sources/gpxSource.ts';
export { openHdf5Episodes } from './demonstrations/sources/hdf5Episodes.ts';
export { jsonLinesSource } from './demonstrations/sources/jsonLinesSource.ts';
export { openNpz } from './demonstrations/sources/npzEpisodes.ts';
export { openRecording, openSource } from './demonstrations/sources/openRecording.ts';
export {
  type Proposal,
  type ProposedField,
  proposeSchema,
} from './demonstrations/sources/proposeSchema.ts';
export { FieldSchema, RecordSchema } from './demonstrations/sources/recordSchema.ts';
export { recordsSource } from './demonstrations/sources/recordsSource.ts';
export type { FormatName, ReadOptions, Recording } from './demonstrations/sources/registry.ts';
export type {
  FieldValue,
  MalformedRecord,
  Source,
  SourceItem,
  SourceRecord,
} from './demonstrations/sources/source.ts';
export { isMalformed } from './demonstrations/sources/source.ts';
export { SqliteOptions, sqliteSource } from './demonstrations/sources/sqliteSource.ts';
export { parquetSource, SqlOptions, sqlSource } from './demonstrations/sources/sqlSource.ts';
export { TextOptions } from './demonstrations/sources/textChunks.ts';
export { typedSource } from './demonstrations/sources/typedSource.ts';
export { type Columns, columnsOf, writeRecords } from './demonstrations/sources/writeRecords.ts';
export { type Split, type Splits, splitsByFold, splitsDealt } from './demonstrations/splits.ts';
export { loadPlainTables } from './demonstrations/tables/plainTables.ts';
export { readSplits } from './demonstrations/tables/splitsTable.ts';
export { blockStates } from './environments/blockStates.ts';
export {
  type CellPart,
  type CellWorld,
  type CellWorldOptions,
  cellWorld,
  DIRECTIONS,
  type Direction,
} from './environments/cellWorld.ts';
export { Acrobot } from './environments/classicControl/acrobot.ts';
export { CartPole, CartPoleOptions } from './environments/classicControl/cartPole.ts';
export { MountainCar, MountainCarContinuous } from './environments/classicControl/mountainCar.ts';
export { Pendulum, PendulumOptions } from './environments/classicControl/pendulum.ts';
export { pendulumStarts } from './environments/classicControl/pendulumStarts.ts';
export { checkIndex, checkPoint, Episode as SimulatedEpisode } from './environments/episode.ts';
export { gridFromMap, slipGrid } from './environments/gridworld.ts';
export { MultiGoalPoint } from './environments/multiGoalPoint.ts';
export { randomMdp, randomWorld } from './environments/randomMdp.ts';
export { environments } from './environments/registry.ts';
export { replacementPair, replacementWorld } from './environments/replacement.ts';
export { cellGrid, roadGrid } from './environments/roadGrid.ts';
export type {
  Action,
  BoxActions,
  DiscreteActions,
  Simulator,
} from './environments/simulator.ts';
export { type AnySimulator, simulators } from './environments/simulators.ts';
export { cliffWalking } from './environments/tabular/cliffWalking.ts';
export { deepSea } from './environments/tabular/deepSea.ts';
export { frozenLake, frozenLakeMaps } from './environments/tabular/frozenLake.ts';
export {
  type ObjectWorld,
  ObjectWorldOptions,
  objectWorld,
} from './environments/tabular/objectWorld.ts';
export { plusMaze } from './environments/tabular/plusMaze.ts';
export { twoGoalCorridor } from './environments/tabular/twoGoalCorridor.ts';
export { TabularSimulator } from './environments/tabularSimulator.ts';
export { type TabularTask, type TaskDescription, tabularTask } from './environments/tabularTask.ts';
export { Walk, WalkOptions } from './environments/walk.ts';
export { epicDistance, type TripleReward } from './evaluation/comparison/epicDistance.ts';
export { bootstrapRatios, type UnitRatio } from './evaluation/comparison/pairedBootstrap.ts';
export { type RouteMatch, routeMatch } from './evaluation/comparison/routeMatch.ts';
export { summarizeSearch } from './evaluation/comparison/searchSummary.ts';
export { atRandom } from './evaluation/imitation/atRandom.ts';
export { type CloneScores, cloneScores } from './evaluation/imitation/cloneScores.ts';
export {
  type ComparedWorld,
  compareImitators,
  type ImitatorScore,
} from './evaluation/imitation/compareImitators.ts';
export { featureGaps, type PolicyGap } from './evaluation/imitation/featureGaps.ts';
export {
  type Coverage,
  type ImitationScores,
  imitationScores,
} from './evaluation/imitation/imitationScores.ts';
export { type Imitator, imitatorOf, imitatorOfClone } from './evaluation/imitation/imitator.ts';
export {
  type PlayedEpisodes,
  type Playing,
  type PlayStreams,
  playEpisodes,
} from './evaluation/imitation/playedEpisodes.ts';
export { informationMatrixTest } from './evaluation/inference/informationMatrixTest.ts';
export { likelihoodRatioTest } from './evaluation/inference/likelihoodRatioTest.ts';
export { type Estimate, meanInterval } from './evaluation/inference/meanInterval.ts';
export { medianInterval } from './evaluation/inference/medianInterval.ts';
export {
  type ParameterInference,
  parameterInference,
} from './evaluation/inference/parameterInference.ts';
export { type ProfileInterval, profileInterval } from './evaluation/inference/profileLikelihood.ts';
export {
  heldAt,
  type RestrictedFit,
  type Restriction,
  restrictedFit,
  type SolvedRestrictions,
  solveRestrictions,
} from './evaluation/inference/restrictions.ts';
export { scoreTest } from './evaluation/inference/scoreTest.ts';
export {
  type Inference,
  type StandardErrorKind,
  type StandardErrorsOfOne,
  standardErrors,
} from './evaluation/inference/standardErrors.ts';
export type { TestOutcome } from './evaluation/inference/testOutcome.ts';
export {
  type TrajectoryScores,
  trajectoryLogLikelihoods,
  trajectoryScores,
} from './evaluation/inference/trajectoryScores.ts';
export { type Correction, type VuongSide, vuongTest } from './evaluation/inference/vuongTest.ts';
export { type ScoredSide, vuongVariance } from './evaluation/inference/vuongVariance.ts';
export { waldTest } from './evaluation/inference/waldTest.ts';
export { wilsonInterval } from './evaluation/inference/wilsonInterval.ts';
export { summarizeInquiry } from './evaluation/inquiry/inquirySummary.ts';
export { createPredictor, type Predictor } from './evaluation/prediction/predictor.ts';
export type { Estimates, PredictionSetting } from './evaluation/prediction/preparedSetting.ts';
export type { PredictionSize } from './evaluation/prediction/quantitySections.ts';
export { recordedStarts, type WeightedStarts } from './evaluation/prediction/recordedStarts.ts';
export {
  type Simulation,
  type SimulationOptions,
  simulateTrajectories,
} from './evaluation/prediction/simulateTrajectories.ts';
export { type WhatIf, type WhatIfOptions, whatIf } from './evaluation/prediction/whatIf.ts';
export type { Quantity, WhatIfResult } from './evaluation/prediction/whatIfResult.ts';
export { type FitTable, fitTable } from './evaluation/report/fitTable.ts';
export { fitTableHtml } from './evaluation/report/fitTableHtml.ts';
export { fitTableLatex } from './evaluation/report/fitTableLatex.ts';
export { fitTableText } from './evaluation/report/fitTableText.ts';
export type {
  CellResult,
  ComparisonResult,
  ExperimentResult,
  InquiryFile,
  MethodResult,
  ResultFile,
  RunFile,
} from './evaluation/resultFile.ts';
export { cellsOf } from './evaluation/resultFile.ts';
export { summarize } from './evaluation/summary.ts';
export type { FeatureMatrix } from './features/featureMatrix.ts';
export { radialBumps } from './features/radialBumps.ts';
export { type StepFeature, type StepFeatures, stepFeatures } from './features/stepFeatures.ts';
export type { FeatureFunction, FeatureFunctions } from './features/tabulateFeatures.ts';
export { tabulateFeatures } from './features/tabulateFeatures.ts';
export type { ActionHead, HeadAt, HeadSlopes } from './learning/cloning/actionHead.ts';
export type { ActionScale } from './learning/cloning/actionScale.ts';
export {
  ClonedPolicy,
  type ClonedPolicyData,
  type HeadName,
  headNames,
  loadClonedPolicy,
  saveClonedPolicy,
} from './learning/cloning/clonedPolicy.ts';
export { CloningOptions } from './learning/cloning/cloningOptions.ts';
export {
  type CloningActions,
  type CloningRows,
  cloningRows,
} from './learning/cloning/cloningRows.ts';
export {
  type CloningEpoch,
  type CloningFit,
  type CloningNumbers,
  cloneBehavior,
  NeuralCloning,
} from './learning/cloning/neuralCloning.ts';
export {
  DynamicsEnsemble,
  type EnsembleSizes,
  type ImaginedRows,
} from './learning/ensemble/dynamicsEnsemble.ts';
export {
  EnsembleControlOptions,
  EnsembleOptions,
  EnsemblePlanOptions,
} from './learning/ensemble/ensembleOptions.ts';
export { EnsemblePlanner, type KnownOfBox } from './learning/ensemble/ensemblePlanner.ts';
export { EnsemblePlanning } from './learning/ensemble/ensemblePlanning.ts';
export { type EstimatorMoments, estimatorMoments } from './learning/gradients/estimatorMoments.ts';
export {
  type GradientEstimator,
  gradientEstimators,
  rolloutGradient,
  stepWeights,
} from './learning/gradients/gradientEstimators.ts';
export {
  type LearnedPolicy,
  PolicyGradientOptions,
  type PolicyGradientProgress,
  policyGradient,
} from './learning/gradients/policyGradient.ts';
export {
  type PolicyObjective,
  PolicyObjectiveOptions,
  policyObjective,
} from './learning/gradients/policyObjective.ts';
export {
  entropyLoss,
  type PreferenceRows,
  policyGradientLoss,
} from './learning/gradients/softmaxLosses.ts';
export { scoreGradient, softmaxPolicy } from './learning/gradients/softmaxPolicy.ts';
export {
  type SoftUpdates,
  type SoftUpdatesOptions,
  softUpdates,
} from './learning/gradients/softUpdates.ts';
export {
  type BestSoFar,
  type KeepTrainingOptions,
  type KeptTraining,
  keepTraining,
  type TrainingReport,
} from './learning/log/keepTraining.ts';
export { type CurveRow, TrainingLog } from './learning/log/trainingLog.ts';
export {
  type CountedDynamics,
  CountedDynamicsOptions,
  countedDynamics,
} from './learning/models/countedDynamics.ts';
export {
  type KnownOfWorld,
  type LinearDynamics,
  LinearDynamicsOptions,
  linearDynamics,
} from './learning/models/linearDynamics.ts';
export { type LoggedDynamics, loggedDynamics } from './learning/models/loggedDynamics.ts';
export { randomTransitions, type SeenTransition } from './learning/models/seenTransitions.ts';
export { modelOfSimulator, type StepModel } from './learning/models/stepModel.ts';
export { EntropyPrior } from './learning/neural/actionScores.ts';
export type { BoxPolicy } from './learning/neural/boxPolicy.ts';
export { ContinuousSoftQ, ContinuousSoftQOptions } from './learning/neural/continuousSoftQ.ts';
export type { ControlLearner, Player, PolicyArrays } from './learning/neural/controlLearner.ts';
export {
  type ControlForm,
  type ControlMethod,
  type ControlMethodName,
  controlMethods,
} from './learning/neural/controlMethods.ts';
export {
  type BestConfirmed,
  type ControlProgress,
  type ControlResult,
  ControlTraining,
  ControlTrainingOptions,
  type ScoredCheckpoint,
  TrainingStopped,
} from './learning/neural/controlTraining.ts';
export {
  DeepQLearning,
  DeepQOptions,
  type DiscreteSizes,
} from './learning/neural/deepQLearning.ts';
export {
  type DiscreteSacLosses,
  DiscreteSacOptions,
  DiscreteSoftActorCritic,
} from './learning/neural/discreteSoftActorCritic.ts';
export { drawStarts, episodeReturns } from './learning/neural/episodeReturns.ts';
export { GreedyEpisodes } from './learning/neural/greedyEpisodes.ts';
export {
  type NeuralFittedQ,
  NeuralFittedQOptions,
  type NeuralFittedQProgress,
  neuralFittedQ,
} from './learning/neural/neuralFittedQ.ts';
export { ParallelSteps, type SteppedRows } from './learning/neural/parallelSteps.ts';
export {
  actorCritic,
  PolicyGradientControl,
  PolicyGradientControlOptions,
  reinforce,
} from './learning/neural/policyGradientControl.ts';
export type { AgentState, ReplayAgent, ReplaySizes } from './learning/neural/replayAgent.ts';
export { ReplayControl, ReplayControlOptions } from './learning/neural/replayControl.ts';
export { ReplayedSoftActorCritic } from './learning/neural/replayedSoftActorCritic.ts';
export { SoftActorCritic } from './learning/neural/softActorCritic.ts';
export {
  type SacLosses,
  type SacSizes,
  SoftActorCriticOptions,
} from './learning/neural/softActorCriticOptions.ts';
export { steinDirection } from './learning/neural/steinDirection.ts';
export {
  loadTrainedPolicy,
  saveTrainedPolicy,
  type TrainedPolicy,
} from './learning/neural/trainedPolicy.ts';
export {
  type TransitionBatch,
  TransitionBuffer,
  transitionBatch,
} from './learning/neural/transitionBuffer.ts';
export {
  InverseSoftBellman,
  InverseSoftBellmanOptions,
  type InverseSoftBellmanProgress,
  inverseSoftBellman,
} from './learning/offline/inverseSoftBellman.ts';
export {
  type InverseBellmanBatch,
  type InverseBellmanLoss,
  type InverseBellmanSlopes,
  type InverseBellmanTerms,
  inverseSoftBellmanLoss,
  type ValueRows,
} from './learning/offline/inverseSoftBellmanLoss.ts';
export type {
  LinearSoftPolicy,
  LinearSoftPolicyData,
} from './learning/offline/linearSoftPolicy.ts';
export { type RecordedSteps, recordedSteps } from './learning/offline/recordedSteps.ts';
export {
  loadSoftQPolicy,
  type SoftQData,
  SoftQPolicy,
  saveSoftQPolicy,
} from './learning/offline/softQPolicy.ts';
export {
  indicatorBasis,
  kernelBasis,
  polynomialBasis,
  type StateBasis,
} from './learning/offline/stateBasis.ts';
export { discountedReturns, generalizedAdvantages, lambdaReturns } from './learning/returns.ts';
export { type Rollout, type RolloutOptions, rollout } from './learning/rollout.ts';
export { Schedule, scheduled } from './learning/schedule.ts';
export { type AheadEpisode, actAhead } from './learning/search/actAhead.ts';
export {
  type DistilledPolicy,
  DistillOptions,
  distillPolicy,
} from './learning/search/distillPolicy.ts';
export {
  type ExpertIteration,
  ExpertIterationOptions,
  expertIteration,
} from './learning/search/expertIteration.ts';
export {
  type AheadPlanner,
  CrossEntropyPlanningOptions,
  crossEntropyPlanning,
  type PlanAhead,
  type PlannerExtras,
  RandomShootingOptions,
  randomShooting,
  type WorthOfState,
} from './learning/search/plansAhead.ts';
export { type SearchedPolicy, searchPolicy } from './learning/search/searchPolicy.ts';
export {
  type SearchGuidance,
  UctOptions,
  type UctSearch,
  uctSearch,
} from './learning/search/uctSearch.ts';
export { Exploration, explorationBonus, writeExploration } from './learning/values/exploration.ts';
export {
  bellmanError,
  type FittedQ,
  FittedQOptions,
  type FittedQProgress,
  fittedQIteration,
} from './learning/values/fittedQIteration.ts';
export {
  epsilonGreedyValue,
  expectedValue,
  greedyIndex,
  greedyValue,
  softValue,
} from './learning/values/nextValue.ts';
export { createReplay, type Replay } from './learning/values/replay.ts';
export {
  type EvaluationProgress,
  SampledEvaluationOptions,
  type SampledValues,
  sampledEvaluation,
} from './learning/values/sampledEvaluation.ts';
export {
  type LearnedValues,
  type LearningProgress,
  tabularLearning,
} from './learning/values/tabularLearning.ts';
export { TabularLearningOptions } from './learning/values/tabularLearningOptions.ts';
export {
  doubleTarget,
  moveTowards,
  type Step as TdStep,
  type TdRule,
  tdTarget,
} from './learning/values/temporalDifference.ts';
export {
  logOfRollouts,
  logOfSteps,
  type SeenStep,
  type TransitionLog,
} from './learning/values/transitionLog.ts';
export type { Goal } from './mdp/goal.ts';
export type { Layout } from './mdp/layout.ts';
export type { Mdp } from './mdp/mdp.ts';
export { isDeterministic, statesOfPairs } from './mdp/mdp.ts';
export { reachableFrom, taskSupport } from './mdp/reachability.ts';
export type { TimeStructure } from './mdp/timeStructure.ts';
export type { Trajectories } from './mdp/trajectories.ts';
export { selectTrajectories } from './mdp/trajectories.ts';
export type { World } from './mdp/world.ts';
export { type WorldChanges, worldChanges } from './mdp/worldChanges.ts';
export { Adam, type AdamOptions, type AdamState } from './networks/adam.ts';
export {
  type Checkpoint,
  hasCheckpoint,
  loadCheckpoint,
  restoreArray,
  saveCheckpoint,
} from './networks/checkpoint.ts';
export {
  type DenseShape,
  drawParameters,
  parameterCount,
  parameterLayout,
} from './networks/denseShape.ts';
export { kernelEngine } from './networks/kernelEngine.ts';
export type { Engine, EngineName, Network, Pass, PullBack } from './networks/network.ts';
export { engineNamed, engineNames, type OpenedEngine, openEngine } from './networks/openEngine.ts';
export { chiSquareCdf, chiSquareQuantile, chiSquareTail } from './numeric/chiSquare.ts';
export { normalCdf, normalQuantile, normalTwoSided } from './numeric/normal.ts';
export { createRng, permutation, type Rng, restoreRng, sampleIndex } from './numeric/rng.ts';
export { standardNormal } from './numeric/standardNormal.ts';
export { adam } from './optimizers/adam.ts';
export { exponentiatedGradient } from './optimizers/exponentiatedGradient.ts';
export { gradientDescent } from './optimizers/gradientDescent.ts';
export { lbfgs } from './optimizers/lbfgs.ts';
export type { Minimizer, Minimum, Objective, Step, Stop } from './optimizers/minimizer.ts';
export { runToEnd } from './optimizers/minimizer.ts';
export { trustRegionNewton } from './optimizers/trustRegionNewton.ts';
export { arrivalShares } from './planning/arrivalShares.ts';
export type { Criterion, Moments, TaskMoments } from './planning/criterion.ts';
export {
  type CriticalTemperature,
  type CriticalTemperatureOptions,
  criticalTemperature,
} from './planning/criticalTemperature.ts';
export { type DynamicPlan, DynamicProgramOptions } from './planning/dynamicProgram.ts';
export { type EndComponent, endComponents } from './planning/endComponents.ts';
export { type EndlessGain, type EndlessGainOptions, endlessGain } from './planning/endlessGain.ts';
export {
  type ExactInference,
  ExactInferenceOptions,
  exactInference,
} from './planning/exactInference.ts';
export { createFeasibility, type Feasibility, type MatrixName } from './planning/feasibility.ts';
export {
  type FeasibleStart,
  type FeasibleStartOptions,
  feasibleStart,
  type LinearModel,
} from './planning/feasibleStart.ts';
export { createFiniteHorizon } from './planning/finiteHorizon.ts';
export { gaussSeidelValueIteration } from './planning/gaussSeidelValueIteration.ts';
export { type GoalMatrices, goalMatrixFrom } from './planning/goalMatrices.ts';
export { longRunShares } from './planning/longRunShares.ts';
export { modifiedPolicyIteration } from './planning/modifiedPolicyIteration.ts';
export { featureMatchingMoments, likelihoodMoments } from './planning/moments.ts';
export {
  followRoute,
  type MostLikelyRoutes,
  mostLikelyRoutes,
} from './planning/mostLikelyRoutes.ts';
export {
  type MostProbableTrajectory,
  mostProbableTrajectory,
} from './planning/mostProbableTrajectory.ts';
export { occupancy } from './planning/occupancy.ts';
export { evaluatePolicy, evaluationSweep, uniformPolicy } from './planning/policyEvaluation.ts';
export { policyIteration } from './planning/policyIteration.ts';
export { prioritizedValueIteration } from './planning/prioritizedValueIteration.ts';
export { type ProperGreedyPolicy, properGreedyPolicy } from './planning/properGreedyPolicy.ts';
export { SoftPolicyIteration } from './planning/softPolicyIteration.ts';
export { softValueIteration, terminalStop } from './planning/softValueIteration.ts';
export type { ValueGradients } from './planning/valueGradients.ts';
export { valueIteration } from './planning/valueIteration.ts';
export { type VariationalGap, variationalGap } from './planning/variationalGap.ts';
export { linearReward, rewardAt } from './rewards/linearReward.ts';
export { type NetworkReward, networkReward } from './rewards/networkReward.ts';
export type { Reward } from './rewards/reward.ts';
export { tabularReward } from './rewards/tabularReward.ts';
export type {
  Answer,
  AnswerTable,
  Chart,
  ChartPoint,
  ChartSeries,
  Finding,
  Inquiry,
  Question,
} from './study/inquiry.ts';
export { defineInquiry } from './study/inquiry.ts';
export {
  type ReportWanted,
  type ReportWritten,
  writeReportFolder,
} from './study/output/reportFolder.ts';
export { type InquiryObserver, runInquiry } from './study/run/runInquiry.ts';
export { runStudy } from './study/run/runStudy.ts';
export { runSearch, type SearchSettings } from './study/search/runSearch.ts';
export {
  runSimulated,
  type SimulatedObserver,
  type SimulatedRun,
  type SimulatedState,
} from './study/simulated/runSimulated.ts';
export {
  type CreateReward,
  defineSimulatedStudy,
  type EpisodesHeldOut,
  type SimulatedAgentSettings,
  type SimulatedEvaluation,
  type SimulatedFitSettings,
  type SimulatedMethodName,
  type SimulatedSpecification,
  type SimulatedStudy,
} from './study/simulatedStudy.ts';
export type {
  Cell,
  ChangedWorld,
  Experiment,
  Published,
  Recordings,
  Study,
  StudyTest,
} from './study/study.ts';
export { defineCell, defineStudy } from './study/study.ts';
