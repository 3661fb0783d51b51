// Work that yields now and then: done at once, or with a turn of the event loop at each yield, so that timers and requests
// are served meanwhile.
'use strict';

const turn = () => new Promise((resolve) => setImmediate(resolve));

function atOnce(work) {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

async function inTurns(work) {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    await turn();
  }
}

module.exports = { atOnce, inTurns, turn };
