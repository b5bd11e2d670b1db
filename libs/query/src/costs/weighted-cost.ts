/** Cost of an event and those it stands for, nano-dollars, as the costs service rounds it: halves up. The engine's own `round` has them go to the even number. */
export const WEIGHTED_COST = 'toInt64(floor(ifNull(cost_nano_usd, 0) * sampling_weight + 0.5))';
