//! Whether two trees join the leaves they share in the same way.

use std::collections::HashMap;

use crate::leaf::Tree;

/// The tree over the shared leaves only, in a normal form: 没有 pushed down to the leaves (which carry their sense
/// already), groups flattened, order forgotten.
pub(super) fn normal(tree: &Tree, shared: &HashMap<usize, usize>) -> String {
    restricted(tree, shared, false).and_then(Tree::simplified).map(|tree| written(&tree)).unwrap_or_default()
}

fn restricted(tree: &Tree, shared: &HashMap<usize, usize>, denied: bool) -> Option<Tree> {
    let many = |children: &[Tree], denied| -> Vec<Tree> {
        children.iter().filter_map(|child| restricted(child, shared, denied)).collect()
    };
    let kept = |children: Vec<Tree>, all: bool| -> Option<Tree> {
        (!children.is_empty()).then_some(if all { Tree::All(children) } else { Tree::Any(children) })
    };
    match tree {
        Tree::All(children) => kept(many(children, denied), !denied),
        Tree::Any(children) => kept(many(children, denied), denied),
        Tree::None(children) => kept(many(children, !denied), !denied),
        Tree::AtLeast(k, children) => {
            let children = many(children, denied);
            (!children.is_empty()).then_some(Tree::AtLeast(*k, children))
        }
        Tree::When(guard, then) => match (restricted(guard, shared, false), restricted(then, shared, denied)) {
            (Some(guard), Some(then)) => Some(Tree::When(Box::new(guard), Box::new(then))),
            (guard, then) => guard.or(then),
        },
        Tree::Leaf(index) => shared.get(index).map(|pair| Tree::Leaf(*pair)),
    }
}

fn written(tree: &Tree) -> String {
    let many = |name: &str, children: &[Tree]| {
        let mut children: Vec<String> = children.iter().map(written).collect();
        children.sort();
        format!("{name}({})", children.join(" "))
    };
    match tree {
        Tree::All(children) => many("all", children),
        Tree::Any(children) => many("any", children),
        Tree::None(children) => many("none", children),
        Tree::AtLeast(k, children) => many(&format!("at-least-{k}"), children),
        Tree::When(guard, then) => format!("when({} {})", written(guard), written(then)),
        Tree::Leaf(index) => index.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(index: usize) -> Tree {
        Tree::Leaf(index)
    }

    #[test]
    fn trees_that_mean_the_same_have_one_shape() {
        let shared: HashMap<usize, usize> = (0..3).map(|index| (index, index)).collect();
        let one = Tree::None(vec![leaf(0), leaf(1)]);
        let other = Tree::All(vec![Tree::None(vec![leaf(1)]), Tree::None(vec![leaf(0)])]);
        assert_eq!(normal(&one, &shared), normal(&other, &shared));
        let any = Tree::Any(vec![leaf(0), leaf(1)]);
        assert_ne!(normal(&one, &shared), normal(&any, &shared));
        let nested = Tree::All(vec![leaf(0), Tree::All(vec![leaf(2), leaf(1)])]);
        assert_eq!(normal(&nested, &shared), "all(0 1 2)");
    }

    #[test]
    fn what_only_one_reader_saw_is_left_out() {
        let shared = HashMap::from([(0, 0), (2, 1)]);
        let tree = Tree::All(vec![leaf(0), Tree::Any(vec![leaf(1), leaf(2)])]);
        assert_eq!(normal(&tree, &shared), "all(0 1)");
    }
}
