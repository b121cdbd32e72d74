import type { DatabaseKinds } from '../database/database.ts';
import { kinds } from '../domain/kinds/index.ts';
import { MeasurementEntity, MeasurementVersionEntity } from './measurement/tables/entities.ts';
import { AnalysisResultEntity } from './mri/tables/entity.ts';
import { ScanEntity, ScanStageEntity } from './scan/tables/entities.ts';
import { TechniquePassEntity } from './technique/tables/entity.ts';

/** What the kinds bring to the database. A kind that stores nothing but its result has no tables here. */
export const databaseKinds: DatabaseKinds = {
  definitions: kinds,
  entities: [
    // One a line.
    TechniquePassEntity,
    MeasurementVersionEntity,
    MeasurementEntity,
    AnalysisResultEntity,
    ScanEntity,
    ScanStageEntity,
  ],
};
