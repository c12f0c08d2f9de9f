//! Bundles of pushes of which something was refused: that nothing else was left out.

use super::*;

/// A bundle whose push brought also what was refused of a second actor of the same phone, and what was taken over after that.
#[test]
fn what_a_refusal_does_not_hold_is_in_the_log_even_where_it_came_after_it() {
    let names = |line: &mut Line, held: &[Hash]| match line {
        Line::Refused(refused) => {
            refused.held = held.to_vec();
            true
        }
        _ => false,
    };
    let ours: Vec<Hash> =
        changes(&sample()).iter().filter(|line| line.push == Some(PUSH)).map(|line| line.hash).collect();
    let [refused, tail, dropped] = [&b"refused"[..], b"tail", b"dropped"].map(Hash::of);
    let (first, rest) = ours.split_at(1);
    let pushed = |hashes: &[Hash]| {
        sample().bend(|line| match line {
            Line::Push(push) => {
                let leaf = schema::wire::push_leaf(JOB, hashes);
                (push.pushed, push.leaves) = (hashes.to_vec(), vec![leaf]);
                let message = schema::wire::push_message(push.device, push.request, &push.leaves);
                push.signature = device_key().sign(&message);
                let message = schema::wire::receipt_message(push.id, push.received_at, &push.leaves);
                push.receipt = server_key().sign(&message);
                true
            }
            _ => false,
        })
    };
    // Refused in the middle: one actor's two changes, and the other actor's go on.
    let mixed = [first, &[refused, tail][..], rest].concat();
    let good = pushed(&mixed).bend(|line| names(line, &[refused, tail]));
    assert_eq!(verify(good.bytes().as_slice(), None).unwrap().refused.len(), 1);
    // A change after it that is neither here nor said to be in it was left out.
    let short = pushed(&[mixed.as_slice(), &[dropped][..]].concat()).bend(|line| names(line, &[refused, tail]));
    assert_eq!(field_of(&short), "pushed");
    // An entry of a server that did not say what it holds excuses what came after it, and nothing before.
    assert!(verify(pushed(&[mixed.as_slice(), &[dropped][..]].concat()).bytes().as_slice(), None).is_ok());
    assert_eq!(field_of(&pushed(&[&[dropped][..], mixed.as_slice()].concat())), "pushed");
    // Two refusals in one push, of which only one says what it holds.
    let other = Hash::of(b"other");
    let mut two =
        pushed(&[mixed.as_slice(), &[other, dropped][..]].concat()).bend(|line| names(line, &[refused, tail]));
    let mut second = two
        .lines
        .iter()
        .find_map(|line| if let Line::Refused(line) = line { Some(line.clone()) } else { None })
        .unwrap();
    (second.first_hash, second.held) = (other, vec![other]);
    two.lines.push(Line::Refused(second));
    assert_eq!(field_of(&two), "pushed", "the second does not hold it either");
}
