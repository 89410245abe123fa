//! The order of the variables in all diagrams. Variables of one condition should be close together, because a diagram
//! has to remember everything between two variables that it compares.
//!
//! Groups that share no condition are kept apart. Inside a group every variable moves repeatedly to the middle of those
//! it occurs with, and the order with the shortest total distance wins (the FORCE heuristic).

/// The most rounds. More have not been seen to help.
const ROUNDS: usize = 20;

/// An order of `count` variables, from the sets that occur together, each without duplicates.
pub(super) fn order(count: usize, together: &[Vec<usize>]) -> Vec<usize> {
    let mut group: Vec<usize> = (0..count).collect();
    for set in together {
        for pair in set.windows(2) {
            let (a, b) = (root(&mut group, pair[0]), root(&mut group, pair[1]));
            // The earliest of a group represents it, so that groups come in the order of their first questions.
            group[a.max(b)] = a.min(b);
        }
    }
    let mut best: Vec<usize> = (0..count).collect();
    let groups: Vec<usize> = (0..count).map(|variable| root(&mut group, variable)).collect();
    best.sort_by_key(|variable| groups[*variable]);
    let mut length = total_length(&best, together);
    let mut current = best.clone();
    for _ in 0..ROUNDS {
        current = moved(&current, &groups, together);
        let now = total_length(&current, together);
        if now >= length {
            break;
        }
        (best, length) = (current.clone(), now);
    }
    best
}

fn root(group: &mut [usize], mut of: usize) -> usize {
    while group[of] != of {
        group[of] = group[group[of]];
        of = group[of];
    }
    of
}

fn positions(order: &[usize]) -> Vec<usize> {
    let mut positions = vec![0; order.len()];
    for (position, variable) in order.iter().enumerate() {
        positions[*variable] = position;
    }
    positions
}

/// The sum of the distances between the first and the last of each set.
fn total_length(order: &[usize], together: &[Vec<usize>]) -> usize {
    let positions = positions(order);
    let length = |set: &Vec<usize>| {
        let places = set.iter().map(|variable| positions[*variable]);
        places.clone().max().unwrap_or(0) - places.min().unwrap_or(0)
    };
    together.iter().map(length).sum()
}

/// Every variable at the mean of the middles of its sets, in integers so that all machines agree.
fn moved(order: &[usize], groups: &[usize], together: &[Vec<usize>]) -> Vec<usize> {
    const SCALE: usize = 1 << 16;
    let positions = positions(order);
    let mut pull: Vec<(usize, usize)> = vec![(0, 0); order.len()];
    for set in together {
        let middle = set.iter().map(|variable| positions[*variable] * SCALE).sum::<usize>() / set.len().max(1);
        for variable in set {
            pull[*variable].0 += middle;
            pull[*variable].1 += 1;
        }
    }
    let mut moved = order.to_vec();
    moved.sort_by_key(|variable| {
        let (sum, sets) = pull[*variable];
        let place = sum.checked_div(sets).unwrap_or(positions[*variable] * SCALE);
        (groups[*variable], place, *variable)
    });
    moved
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn pairs_asked_far_apart_come_together() {
        let pairs: Vec<Vec<usize>> = (0..12).map(|a| vec![a, a + 12]).collect();
        let order = order(24, &pairs);
        for pair in order.chunks(2) {
            assert_eq!(pair[0] + 12, pair[1], "{order:?}");
        }
    }

    #[test]
    fn groups_without_a_common_condition_are_not_mixed() {
        assert_eq!(order(4, &[vec![0, 2], vec![1, 3]]), [0, 2, 1, 3]);
        assert_eq!(order(3, &[]), [0, 1, 2]);
    }
}
