// What all kernels share: lines of 64 bytes, the multiply-accumulate step, and what each vendor's
// compiler is told about a loop.

// Before a loop: PIPELINE starts an iteration every cycle, UNROLL builds all n iterations side by
// side, COALESCE makes one loop of n nested ones. Compilers for other devices are told nothing.
#define S2F_TEXT(x) #x
#define S2F_PRAGMA(x) _Pragma(S2F_TEXT(x))
#if defined(INTELFPGA_CL) || defined(ALTERA_CL)
#define PIPELINE S2F_PRAGMA(ii 1)
#define UNROLL(n) S2F_PRAGMA(unroll n)
#define COALESCE(n) S2F_PRAGMA(loop_coalesce n)
#elif defined(__xilinx__) || defined(__VITIS_HLS__)
#define PIPELINE __attribute__((xcl_pipeline_loop(1)))
#define UNROLL(n) __attribute__((opencl_unroll_hint(n)))
#define COALESCE(n) // perfect nests are flattened without being told
#else
#define PIPELINE
#define UNROLL(n)
#define COALESCE(n)
#endif

// A line of 64 bytes, which one access to memory moves: 64 channels of spikes, 4 to a word.
typedef struct __attribute__((aligned(64))) {
  char4 word[16];
} words64;

// A line as 4 times 16 channels: of spikes; or the weights of 4 inputs for 16 outputs.
typedef struct __attribute__((aligned(64))) {
  char16 lanes[4];
} lanes64;

// 64 multiply-adds: the spikes of 4 input channels, each by its weights for 16 output channels.
static inline int16 products(char4 spikes, lanes64 weights) {
  return convert_int16(weights.lanes[0]) * (int)spikes.s0 +
         convert_int16(weights.lanes[1]) * (int)spikes.s1 +
         convert_int16(weights.lanes[2]) * (int)spikes.s2 +
         convert_int16(weights.lanes[3]) * (int)spikes.s3;
}

// 16 multiply-adds: the spikes of 16 channels, each by the weight of its channel.
static inline int16 product(char16 spikes, char16 weights) {
  return convert_int16(spikes) * convert_int16(weights);
}
