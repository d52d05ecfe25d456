/** The sections of the report, in order. A new one is a file and a line here. */

import type { Section } from './section.ts';
import { asked } from './sections/asked.ts';
import { bootstrap } from './sections/bootstrap.ts';
import { classes } from './sections/classes.ts';
import { comparison } from './sections/comparison.ts';
import { convergence } from './sections/convergence.ts';
import { data } from './sections/data.ts';
import { estimates } from './sections/estimates.ts';
import { identification } from './sections/identification.ts';
import { learningCurve } from './sections/learningCurve.ts';
import { maps } from './sections/maps.ts';
import { overview } from './sections/overview.ts';
import { profiles } from './sections/profiles.ts';
import { published } from './sections/published.ts';
import { rerun } from './sections/rerun.ts';
import { search } from './sections/search.ts';
import { tests } from './sections/tests.ts';
import { transfer } from './sections/transfer.ts';
import { whatIf } from './sections/whatIf.ts';
import { wholeTrips } from './sections/wholeTrips.ts';

export const sections: readonly Section[] = [
  overview,
  asked,
  data,
  comparison,
  transfer,
  learningCurve,
  wholeTrips,
  estimates,
  bootstrap,
  classes,
  published,
  tests,
  search,
  profiles,
  maps,
  whatIf,
  convergence,
  identification,
  rerun,
];
