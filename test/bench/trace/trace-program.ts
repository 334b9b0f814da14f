/** Traces an ID over one log and prints how long it took and how much memory: `trace-program ID FILE`. */
import { basename } from 'node:path';
import { FileSource } from '../../../src/workbench/trace/search/file-source';
import { traceLogs } from '../../../src/workbench/trace/trace-logs';
import { IN_ENGLISH } from '../../workbench/fake/localisation';

async function main(id = '', file = ''): Promise<void> {
  const begin = performance.now();
  const trace = await traceLogs({ api: IN_ENGLISH, id, sources: [new FileSource(file, `file://${file}`, basename(file))] });
  const seconds = (performance.now() - begin) / 1000;
  const peakMb = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ seconds, peakMb, lines: trace.entries.length, passes: trace.searched.passes }));
}

void main(...process.argv.slice(2));
