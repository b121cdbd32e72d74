import { serveTasks } from '../media/child/serve-tasks.ts';
import { measure } from './measurement/child/measure.ts';
import { drawFrames } from './technique/child/draw.ts';
import { indexTask } from './technique/child/index-task.ts';
import { look, sampleReader } from './technique/child/look.ts';
import { loadModels } from './technique/child/models.ts';

serveTasks({ index: indexTask, look, draw: drawFrames, measure });

sampleReader.start();

// Loaded before the first look asks for them. One that can't be had is that look's error to tell, not the process's end.
const [models] = process.argv.slice(2);
if (models) await loadModels(JSON.parse(models)).catch(() => {});
