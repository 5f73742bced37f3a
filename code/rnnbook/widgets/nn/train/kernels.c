/* 学習の内側のループを C で。名前、引数、式は kernels.js（読むための JavaScript）と同じで、試験が値を比べる。
 *
 * make kernels が WebAssembly（SIMD: float32 を 4 個ずつ）にする。行列は行ごとに一列に並べた float32、
 * A (M, N) の (m, n) は A[m * N + n]。4 で割り切れない大きさでは、終わりの 4 個は余りまで読むが、書くのは中だけ。
 * 積と和を一つにする演算も、並べ替えも使わないので、どの計算機でも同じ値になる。 */

typedef float v4 __attribute__((vector_size(16), aligned(4))); /* 4 個の float32 */
typedef int i4 __attribute__((vector_size(16)));
typedef double d2 __attribute__((vector_size(16)));

#define KERNEL __attribute__((visibility("default")))
#define INLINE static inline __attribute__((always_inline))
/* N 個を 4 個ずつ。count は、そのうち中にある数 */
#define FOURS(n, N) for (int n = 0, count; count = N - n < 4 ? N - n : 4, n < N; n += 4)

INLINE v4 get(const float *p) { return *(const v4 *)p; }
INLINE void put(float *p, v4 x, int count) {
  if (count == 4) {
    *(v4 *)p = x;
    return;
  }
  p[0] = x[0];
  if (count > 1) p[1] = x[1];
  if (count > 2) p[2] = x[2];
}
INLINE v4 all(float x) { return (v4){x, x, x, x}; }
/* lo から hi までに収める。NaN は NaN のまま */
INLINE v4 within(v4 x, float lo, float hi) { return __builtin_wasm_pmin_f32x4(__builtin_wasm_pmax_f32x4(x, all(lo)), all(hi)); }

/* 1e-30 より小さい数は 0 に。1e-38 より小さくなると、計算が百倍遅い数（非正規化数）になるので、その手前で。NaN は NaN のまま */
INLINE v4 flushed(v4 x) { return (v4)((i4)x & ~(i4)(__builtin_elementwise_abs(x) < 1e-30f)); }

/* e^x = 2^k e^r、k = round(x / ln 2)、|r| <= ln 2 / 2。e^r は 5 次の多項式（相対誤差 2e-7） */
INLINE v4 exponential(v4 x) {
  x = within(x, -87.0f, 88.0f);
  /* 1.5 · 2^23 を足すと、小数の桁がなくなり、最も近い整数に丸まる */
  v4 shifted = x * 1.44269504f + 12582912.0f, k = shifted - 12582912.0f;
  v4 r = (x - k * 0.693359375f) + k * 2.12194440e-4f; /* ln 2 を二つに分け、桁を落とさない */
  v4 p = 1.0f + r * (0.9999997f + r * (0.4999915f + r * (0.1666764f + r * (0.04189816f + r * 0.008290272f))));
  /* float32 の指数の桁（23 ビット目から）に k を足すと、2^k 倍になる */
  return (v4)((i4)p + ((i4)shifted << 23));
}

/* σ(x) = 1 / (1 + e^{-x}) */
INLINE v4 sigmoid(v4 x) { return 1.0f / (1.0f + exponential(-x)); }

/* tanh x = x P(x²) / Q(x²)、|x| <= 7.9（相対誤差 5e-7）。その外では ±0.9999997 */
INLINE v4 hyperbolic(v4 x) {
  x = within(x, -7.9f, 7.9f);
  v4 s = x * x;
  v4 p = 0.99999988f + s * (0.12934409f + s * (0.0029604642f + s * 1.1531741e-05f));
  v4 q = 1.0f + s * (0.46267635f + s * (0.023854045f + s * (0.00024001078f + s * 2.4925163e-07f)));
  return x * p / q;
}

/* ---- 行列 ---- */

/* C の rows 行 × 4·fours 列の小さな塊に、K 個の積の和を足す。塊は、足し終えるまでレジスターにある。
 * A は、k が進むと a_k、行が進むと a_m 進む。A と Aᵀ のどちらも、これで足りる。count は終わりの 4 列のうち中にある数。 */
INLINE void block(float *C, const float *A, const float *B, int K, int N, int a_k, int a_m, const int rows, const int fours, int count) {
  v4 sum[4][2];
  for (int m = 0; m < rows; m++)
    for (int n = 0; n < fours; n++) sum[m][n] = get(C + m * N + 4 * n);
  for (int k = 0; k < K; k++, A += a_k, B += N)
    for (int m = 0; m < rows; m++)
      for (int n = 0; n < fours; n++) sum[m][n] += A[m * a_m] * get(B + 4 * n);
  for (int m = 0; m < rows; m++)
    for (int n = 0; n < fours; n++) put(C + m * N + 4 * n, sum[m][n], n + 1 < fours ? 4 : count);
}

/* rows 行の帯。8 列ずつの塊と、残りの 1 から 7 列 */
INLINE void strip(float *C, const float *A, const float *B, int K, int N, int a_k, int a_m, const int rows) {
  int n = 0;
  for (; n + 8 <= N; n += 8) block(C + n, A, B + n, K, N, a_k, a_m, rows, 2, 4);
  for (; n < N; n += 4) block(C + n, A, B + n, K, N, a_k, a_m, rows, 1, N - n < 4 ? N - n : 4);
}

static void multiply(float *C, const float *A, const float *B, int M, int K, int N, int a_k, int a_m) {
  int m = 0;
  for (; m + 4 <= M; m += 4) strip(C + m * N, A + m * a_m, B, K, N, a_k, a_m, 4);
  for (; m < M; m++) strip(C + m * N, A + m * a_m, B, K, N, a_k, a_m, 1);
}

/* C (M, N) に A (M, K) B (K, N) を足す */
KERNEL void addProduct(float *C, const float *A, const float *B, int M, int K, int N) { multiply(C, A, B, M, K, N, 1, K); }

/* C (M, N) に Aᵀ B を足す。A (K, M)、B (K, N)。K は長い（T·B）ので、キャッシュに入る 64 行ずつ */
KERNEL void addTransposedProduct(float *C, const float *A, const float *B, int M, int K, int N) {
  for (; K > 0; K -= 64, A += 64 * M, B += 64 * N) multiply(C, A, B, M, K < 64 ? K : 64, N, M, 1);
}

/* C (N, M) = A (M, N)ᵀ */
KERNEL void transpose(float *C, const float *A, int M, int N) {
  for (int m = 0; m < M; m++)
    for (int n = 0; n < N; n++) C[n * M + m] = A[m * N + n];
}

/* C (M, N) のどの行も b */
KERNEL void fillRows(float *C, const float *b, int M, int N) {
  for (int m = 0; m < M; m++, C += N)
    FOURS(n, N) put(C + n, get(b + n), count);
}

/* c (N) に、A (M, N) の行の和を足す */
KERNEL void addColumns(float *c, const float *A, int M, int N) {
  for (; M >= 4; M -= 4, A += 4 * N)
    FOURS(n, N) put(c + n, get(c + n) + ((get(A + n) + get(A + n + N)) + (get(A + n + 2 * N) + get(A + n + 3 * N))), count);
  for (; M > 0; M--, A += N)
    FOURS(n, N) put(c + n, get(c + n) + get(A + n), count);
}

/* ---- セル: B 本の系列の一時刻 ---- */

/* h = tanh(h) */
KERNEL void rnnForward(float *h, int N) {
  FOURS(n, N) put(h + n, hyperbolic(flushed(get(h + n))), count);
}
KERNEL void rnnBackward(float *da, const float *dh, const float *h, int N) {
  FOURS(n, N) put(da + n, flushed(get(dh + n)) * (1.0f - get(h + n) * get(h + n)), count);
}

/* h = max(0, h)。pmax は、h が NaN なら NaN のまま */
KERNEL void reluForward(float *h, int N) {
  FOURS(n, N) put(h + n, __builtin_wasm_pmax_f32x4(flushed(get(h + n)), all(0.0f)), count);
}
KERNEL void reluBackward(float *da, const float *dh, const float *h, int N) {
  /* h > 0 の所は、すべてのビットが 1 になる */
  FOURS(n, N) put(da + n, (v4)((i4)flushed(get(dh + n)) & (i4)(get(h + n) > 0.0f)), count);
}

/* a (B, 4H) の前活性を i, f, c̃, o に。c_t = f ⊙ c_{t-1} + i ⊙ c̃、h_t = o ⊙ tanh c_t */
KERNEL void lstmForward(float *a, const float *c_past, float *c, float *tanh_c, float *h, int B, int H) {
  for (int b = 0; b < B; b++, a += 4 * H, c_past += H, c += H, tanh_c += H, h += H)
    FOURS(n, H) {
      v4 i = sigmoid(get(a + n)), f = sigmoid(get(a + n + H)), c_tilde = hyperbolic(get(a + n + 2 * H)), o = sigmoid(get(a + n + 3 * H));
      put(a + n, i, count), put(a + n + H, f, count), put(a + n + 2 * H, c_tilde, count), put(a + n + 3 * H, o, count);
      v4 c_t = f * get(c_past + n) + i * c_tilde, t = hyperbolic(c_t);
      put(c + n, c_t, count), put(tanh_c + n, t, count), put(h + n, o * t, count);
    }
}

/* a を da に。∂L/∂c_t = ∂L/∂h_t ⊙ o ⊙ (1 − tanh² c_t) + （未来の時刻から）。dc は c_{t-1} への勾配になる */
KERNEL void lstmBackward(float *a, const float *c_past, const float *tanh_c, const float *dh, float *dc, int B, int H) {
  for (int b = 0; b < B; b++, a += 4 * H, c_past += H, tanh_c += H, dh += H, dc += H)
    FOURS(n, H) {
      v4 i = get(a + n), f = get(a + n + H), c_tilde = get(a + n + 2 * H), o = get(a + n + 3 * H), t = get(tanh_c + n);
      v4 d_h = flushed(get(dh + n)), d = flushed(get(dc + n)) + d_h * o * (1.0f - t * t);
      put(a + n, d * c_tilde * i * (1.0f - i), count);
      put(a + n + H, d * get(c_past + n) * f * (1.0f - f), count);
      put(a + n + 2 * H, d * i * (1.0f - c_tilde * c_tilde), count);
      put(a + n + 3 * H, d_h * t * o * (1.0f - o), count);
      put(dc + n, d * f, count);
    }
}

/* a (B, 3H) は入力の項、m (B, 3H) は W_h h_{t-1}。a を r, z, h̃ に。h_t = (1 − z) ⊙ h_{t-1} + z ⊙ h̃ */
KERNEL void gruForward(float *a, const float *m, const float *h_past, float *h, int B, int H) {
  for (int b = 0; b < B; b++, a += 3 * H, m += 3 * H, h_past += H, h += H)
    FOURS(n, H) {
      v4 r = sigmoid(get(a + n) + get(m + n)), z = sigmoid(get(a + n + H) + get(m + n + H));
      v4 h_tilde = hyperbolic(get(a + n + 2 * H) + r * get(m + n + 2 * H));
      put(a + n, r, count), put(a + n + H, z, count), put(a + n + 2 * H, h_tilde, count);
      put(h + n, (1.0f - z) * get(h_past + n) + z * h_tilde, count);
    }
}

/* a を入力の項の勾配に、m を W_h h_{t-1} の勾配に。dh_past に (1 − z) の道を足す */
KERNEL void gruBackward(float *a, float *m, const float *h_past, const float *dh, float *dh_past, int B, int H) {
  for (int b = 0; b < B; b++, a += 3 * H, m += 3 * H, h_past += H, dh += H, dh_past += H)
    FOURS(n, H) {
      v4 r = get(a + n), z = get(a + n + H), h_tilde = get(a + n + 2 * H), d = flushed(get(dh + n));
      v4 da_h = d * z * (1.0f - h_tilde * h_tilde), da_r = da_h * get(m + n + 2 * H) * r * (1.0f - r);
      v4 da_z = d * (h_tilde - get(h_past + n)) * z * (1.0f - z);
      put(a + n, da_r, count), put(a + n + H, da_z, count), put(a + n + 2 * H, da_h, count);
      put(m + n, da_r, count), put(m + n + H, da_z, count), put(m + n + 2 * H, da_h * r, count);
      put(dh_past + n, get(dh_past + n) + d * (1.0f - z), count);
    }
}

/* a (B, 2H) の z の前活性を z に。候補 h̃ は一次式のまま */
KERNEL void minGruForward(float *a, const float *h_past, float *h, int B, int H) {
  for (int b = 0; b < B; b++, a += 2 * H, h_past += H, h += H)
    FOURS(n, H) {
      v4 z = sigmoid(get(a + n)), h_tilde = get(a + n + H);
      put(a + n, z, count), put(h + n, (1.0f - z) * get(h_past + n) + z * h_tilde, count);
    }
}
KERNEL void minGruBackward(float *a, const float *h_past, const float *dh, float *dh_past, int B, int H) {
  for (int b = 0; b < B; b++, a += 2 * H, h_past += H, dh += H, dh_past += H)
    FOURS(n, H) {
      v4 z = get(a + n), h_tilde = get(a + n + H), d = flushed(get(dh + n));
      put(a + n, d * (h_tilde - get(h_past + n)) * z * (1.0f - z), count), put(a + n + H, d * z, count);
      put(dh_past + n, get(dh_past + n) + d * (1.0f - z), count);
    }
}

/* ---- 注意 ---- */

/* A (M, N) の m 行目（0 から）の、はじめの before + m 個を softmax に、残りを 0 にする。見る所がない行は、すべて 0 */
KERNEL void softmaxSeen(float *A, int M, int N, int before) {
  for (int m = 0; m < M; m++, A += N) {
    int seen = before + m < N ? before + m : N;
    float top = -__builtin_inff(), sum = 0.0f;
    for (int n = 0; n < seen; n++) top = A[n] > top ? A[n] : top;
    FOURS(n, seen) put(A + n, exponential(get(A + n) - top), count);
    for (int n = 0; n < seen; n++) sum += A[n];
    FOURS(n, seen) put(A + n, flushed(get(A + n) / sum), count);
    for (int n = seen; n < N; n++) A[n] = 0.0f;
  }
}

/* ∂L/∂α の入った dA (M, N) を、∂L/∂e = α ⊙ (∂L/∂α − Σ α ∂L/∂α) に書き換える */
KERNEL void softmaxBackward(float *dA, const float *A, int M, int N) {
  for (int m = 0; m < M; m++, dA += N, A += N) {
    float sum = 0.0f;
    for (int n = 0; n < N; n++) sum += A[n] * dA[n];
    FOURS(n, N) put(dA + n, flushed(get(A + n) * (get(dA + n) - sum)), count);
  }
}

/* ---- 更新 ---- */

/* Σ g²。大きな値の二乗があふれず、小さな値が落ちないように、float64 で足す */
KERNEL double squares(const float *g, int N) {
  d2 sum = {0.0, 0.0};
  int n = 0;
  for (; n + 2 <= N; n += 2) {
    d2 d = {g[n], g[n + 1]};
    sum += d * d;
  }
  return sum[0] + sum[1] + (n < N ? (double)g[n] * g[n] : 0.0);
}

/* θ ← θ − η g。g には、はじめに scale を掛ける（クリップ） */
KERNEL void sgd(float *theta, const float *g, int N, float scale, float rate) {
  FOURS(n, N) put(theta + n, get(theta + n) - rate * scale * get(g + n), count);
}

/* v ← β v + g、θ ← θ − η v */
KERNEL void momentum(float *theta, const float *g, float *v, int N, float scale, float rate, float beta) {
  FOURS(n, N) {
    v4 mean = beta * get(v + n) + scale * get(g + n);
    put(v + n, mean, count), put(theta + n, get(theta + n) - rate * mean, count);
  }
}

/* m ← β₁ m + (1 − β₁) g、v ← β₂ v + (1 − β₂) g²、θ ← θ − pace m / (√v / root + ε)
 * pace = η / (1 − β₁ˢ)、root = √(1 − β₂ˢ)。rest は 1 − β。32 ビットの β₂ から引くと 5·10⁻⁵ ずれるので、引いた値を受け取る */
KERNEL void adam(float *theta, const float *g, float *m, float *v, int N, float scale, float pace, float root, float beta1, float rest1, float beta2, float rest2, float epsilon) {
  FOURS(n, N) {
    v4 d = scale * get(g + n);
    v4 mean = beta1 * get(m + n) + rest1 * d, square = beta2 * get(v + n) + rest2 * d * d;
    put(m + n, mean, count), put(v + n, square, count);
    put(theta + n, get(theta + n) - pace * mean / (__builtin_elementwise_sqrt(square) / root + epsilon), count);
  }
}
