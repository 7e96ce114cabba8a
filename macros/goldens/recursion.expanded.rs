struct Node {
    name: String,
    children: Vec<Node>,
}
/// Each name with how deep it stands, and how many there are in all.
fn walk(
    node: &Node,
    depth: usize,
) -> impl ::segue::Coroutine<(), Yield = (usize, &str), Return = usize> {
    if false {
        return walk(node, depth);
    }
    use ::segue::machine::delegator::{At, Step, init, next};
    enum State<Node, Depth, Count, Iter> {
        Yield1 { count: Count, depth: Depth, node: Node },
        Call1 { iter: Iter, count: Count, depth: Depth },
    }
    enum Jump<Depth, Count, Iter> {
        Loop1 { iter: Iter, count: Count, depth: Depth },
    }
    let init = init::<_, (usize, &str), usize>((node, depth));
    init.recursive_alone(|mut state, mut input| {
        loop {
            state = match state {
                At::Start((node, depth)) => {
                    let mut count = 1;
                    return Step::yields(
                        (depth, &node.name),
                        State::Yield1 {
                            count,
                            depth,
                            node,
                        },
                    );
                }
                At::Suspended(State::Yield1 { node, depth, mut count }) => {
                    let mut iter = ::segue::machine::Iterable::into_iter(&node.children);
                    At::Jump(Jump::Loop1 { iter, count, depth })
                }
                At::Jump(Jump::Loop1 { depth, mut count, mut iter }) => {
                    if let ::core::option::Option::Some(child) = next(&mut iter) {
                        return Step::calls(
                            (child, depth + 1),
                            State::Call1 { iter, count, depth },
                        );
                    }
                    ::segue::machine::end(iter);
                    return Step::returns(count);
                }
                At::Suspended(State::Call1 { depth, mut count, mut iter }) => {
                    {
                        count += input.returned();
                    }
                    At::Jump(Jump::Loop1 { iter, count, depth })
                }
            };
        }
    })
}
/// What is awaited besides is awaited as ever.
fn total(node: &Node) -> impl ::core::future::Future<Output = usize> {
    if false {
        return total(node);
    }
    use ::segue::machine::task::{At, Awaitable, Delegate1 as Delegate, Step, init, next};
    enum State<Node, Sum, Iter> {
        Await1 { node: Node },
        Call1 { iter: Iter, sum: Sum },
    }
    enum Jump<Sum, Iter> {
        Loop1 { iter: Iter, sum: Sum },
    }
    let init = init::<_, usize>((node,));
    init.recursive(|mut state, mut input| {
        loop {
            state = match state {
                At::Start((node,)) => {
                    return Step::awaits(
                        Delegate::of1(
                            Awaitable::awaited(std::future::ready(node.name.len())),
                        ),
                        State::Await1 { node },
                    );
                }
                At::Suspended(State::Await1 { node }) => {
                    let mut sum = input.outcome1();
                    let mut iter = ::segue::machine::Iterable::into_iter(&node.children);
                    At::Jump(Jump::Loop1 { iter, sum })
                }
                At::Jump(Jump::Loop1 { mut sum, mut iter }) => {
                    if let ::core::option::Option::Some(child) = next(&mut iter) {
                        return Step::calls((child,), State::Call1 { iter, sum });
                    }
                    ::segue::machine::end(iter);
                    return Step::returns(sum);
                }
                At::Suspended(State::Call1 { mut sum, mut iter }) => {
                    {
                        sum += input.returned();
                    }
                    At::Jump(Jump::Loop1 { iter, sum })
                }
            };
        }
    })
}
