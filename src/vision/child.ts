import { serveTasks } from '../media/child/serve-tasks.ts';
import { drawFrames } from './draw.ts';
import { indexTask } from './index-task.ts';
import { look, sampleReader } from './look.ts';
import { measure } from './measure.ts';
import { loadModels } from './models.ts';

serveTasks({ index: indexTask, look, draw: drawFrames, measure });

sampleReader.start();

// Loaded before the first look asks for them. One that can't be had is that look's error to tell, not the process's end.
const [models] = process.argv.slice(2);
if (models) await loadModels(JSON.parse(models)).catch(() => {});
