/** Words that follow `thread_` and `run_` in source code and logs without making an ID: `thread_id`, `thread_pool_size`. */
const WORDS = new Set(
  (
    'id ids key keys name names pool pools safe safety local locals lock locks unsafe count counts type types status state states info data list ' +
    'lists map maps set sets dict manager registry service handler handlers message messages update updates create created creation delete deleted ' +
    'switch switched event events context connection connections to from for of by and or not in at with has is no exists found missing valid ' +
    'invalid validation format formats prefix suffix pattern patterns resolution resolved mapping mappings table row rows model models schema ' +
    'repo repository response request result results error errors time timeout size limit number num index url path route routes history ' +
    'metadata param params arg args value values object obj ref class func function factory util utils helper helpers test tests mock ' +
    'user users owner title summary store cache loop group groups run runs view views item items node nodes start started stop stopped ' +
    'main worker workers executor all any one two new old current last first next default isolation routing notification association'
  ).split(' '),
);

/** Whether every word of `body` is a word of programs rather than a name someone gave a thread. */
export function isProgrammingName(body: string): boolean {
  return body.split('_').every((word) => WORDS.has(word.toLowerCase()));
}
