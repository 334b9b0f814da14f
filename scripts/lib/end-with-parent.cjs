// Loaded into a long-running Node program that this repository starts: ends it, with its process group, when the starter is
// gone. Without it a starter that was killed by force would leave servers behind. (Windows keeps the parent's number.)
const CHECK_MS = 1000;

const parent = process.ppid;
setInterval(() => {
  if (process.ppid === parent) return;
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.exit(1); // Not the leader of a group: its leader sees the same.
  }
}, CHECK_MS).unref();
