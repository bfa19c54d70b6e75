/** Prints as JSON the niceness of each thread of a process, the main thread's first. Takes the process's number. */
const tasks = `/proc/${Deno.args[0]}/task`;
const threads = [...Deno.readDirSync(tasks)].map(({ name }) => Number(name)).sort((a, b) => a - b);
const niceness = threads.map((thread) => {
  const stat = Deno.readTextFileSync(`${tasks}/${thread}/stat`);
  // Field 19 of proc_pid_stat(5), counted from behind field 2, a name that may hold spaces.
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19 - 3]);
});
console.log(JSON.stringify(niceness));
