package org.spike2former.accel.operation;

import java.util.List;

/**
 * Attention on spikes in two halves, of which the first makes integers that the second reads: kᵀ·v,
 * then q·(kᵀ·v), linear in the number of keys; or the scores q·kᵀ, then scores·v. Both give the
 * same sums.
 */
public sealed interface Attention extends Operation {
  /** Work-items that share the keys where there are many. */
  int GROUP = 64;

  /** From so many keys on they are shared. */
  int MANY_KEYS = 1024;

  /**
   * How large everything is: q [n, queries, channels], k [n, keys, channels] and v [n, keys,
   * values], of which each head has its share of channels and values.
   *
   * @param n maps
   * @param queries queries of a map
   * @param keys keys of a map
   * @param channels of queries and keys, all heads'
   * @param values of a key, all heads'
   * @param heads heads
   */
  record Extents(int n, int queries, int keys, int channels, int values, int heads) {
    /** Channels of a head. */
    public int width() {
      return channels / heads;
    }

    /** Values of a head. */
    public int valueWidth() {
      return values / heads;
    }

    /** Work-items that share the keys of a few sums: a group where there are many keys. */
    public int itemsForKeys() {
      return keys < MANY_KEYS ? 1 : GROUP;
    }

    private void requireQ(Buffer q) {
      q.require("q", Buffer.Type.BYTES, (long) n * queries * channels);
    }

    private void requireK(Buffer k) {
      k.require("k", Buffer.Type.BYTES, (long) n * keys * channels);
    }

    private void requireV(Buffer v) {
      v.require("v", Buffer.Type.BYTES, (long) n * keys * values);
    }

    private void requireKeyValues(String part, Buffer keyValues) {
      keyValues.require(part, Buffer.Type.INTS, (long) n * channels * valueWidth());
    }

    private void requireScores(String part, Buffer scores) {
      scores.require(part, Buffer.Type.INTS, (long) n * heads * queries * keys);
    }

    private void requireOutput(Buffer output) {
      output.require("output", Buffer.Type.FLOATS, (long) n * queries * values);
    }
  }

  /**
   * First half of linear attention: kᵀ·v.
   *
   * @param extents how large all is
   * @param k BYTES [n, keys, channels]
   * @param v BYTES [n, keys, values]
   * @param output INTS [n, heads, channels/heads, values/heads]
   */
  record KeyValue(Extents extents, Buffer k, Buffer v, Buffer output) implements Attention {
    /** Refuses buffers that do not fit. */
    public KeyValue {
      extents.requireK(k);
      extents.requireV(v);
      extents.requireKeyValues("output", output);
    }

    @Override
    public Kind kind() {
      return Kind.KEY_VALUE;
    }

    @Override
    public List<Buffer> inputs() {
      return List.of(k, v);
    }
  }

  /**
   * Second half of linear attention: (float) (q·kᵀv) · scale.
   *
   * @param extents how large all is
   * @param q BYTES [n, queries, channels]
   * @param keyValues the first half's INTS
   * @param scale the factor
   * @param output FLOATS [n, queries, values]
   */
  record QueryValue(Extents extents, Buffer q, Buffer keyValues, float scale, Buffer output)
      implements Attention {
    /** Refuses buffers that do not fit. */
    public QueryValue {
      extents.requireQ(q);
      extents.requireKeyValues("keyValues", keyValues);
      extents.requireOutput(output);
    }

    @Override
    public Kind kind() {
      return Kind.QUERY_VALUE;
    }

    @Override
    public List<Buffer> inputs() {
      return List.of(q, keyValues);
    }
  }

  /**
   * First half of attention by scores: q·kᵀ.
   *
   * @param extents how large all is
   * @param q BYTES [n, queries, channels]
   * @param k BYTES [n, keys, channels]
   * @param output INTS [n, heads, queries, keys]
   */
  record QueryKey(Extents extents, Buffer q, Buffer k, Buffer output) implements Attention {
    /** Refuses buffers that do not fit. */
    public QueryKey {
      extents.requireQ(q);
      extents.requireK(k);
      extents.requireScores("output", output);
    }

    @Override
    public Kind kind() {
      return Kind.QUERY_KEY;
    }

    @Override
    public List<Buffer> inputs() {
      return List.of(q, k);
    }
  }

  /**
   * Second half of attention by scores: (float) (scores·v) · scale.
   *
   * @param extents how large all is
   * @param scores the first half's INTS
   * @param v BYTES [n, keys, values]
   * @param scale the factor
   * @param output FLOATS [n, queries, values]
   */
  record ScoreValue(Extents extents, Buffer scores, Buffer v, float scale, Buffer output)
      implements Attention {
    /** Refuses buffers that do not fit. */
    public ScoreValue {
      extents.requireScores("scores", scores);
      extents.requireV(v);
      extents.requireOutput(output);
    }

    @Override
    public Kind kind() {
      return Kind.SCORE_VALUE;
    }

    @Override
    public List<Buffer> inputs() {
      return List.of(scores, v);
    }
  }
}
