import { serveTasks } from '../media/child/serve-tasks.ts';
import { drawFrames } from './draw.ts';
import { indexTask } from './index-task.ts';
import { look } from './look.ts';
import { measure } from './measure.ts';

serveTasks({ index: indexTask, look, draw: drawFrames, measure });
