/** Prints how many threads of a process have stood back as far as they can (Linux: niceness 19). Takes its number. */
const tasks = `/proc/${Deno.args[0]}/task`;
const niceness = [...Deno.readDirSync(tasks)].map(({ name }) => {
  // Field 19 of proc_pid_stat(5), counted from behind field 2, a name that may hold spaces.
  const stat = Deno.readTextFileSync(`${tasks}/${name}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19 - 3];
});
console.log(niceness.filter((nice) => nice === "19").length);
