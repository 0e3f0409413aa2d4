// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target over its seeds without a fuzzer: each seed as it is, cut short, and with
// single bytes changed. Deterministic and bounded, so that it is a test with every compiler.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Input = std::vector<std::uint8_t>;

// Enough to meet every field of a small document, few enough to stay within a second under ASan.
constexpr std::size_t kVariants = 64;

// A copy with no spare capacity, so that ASan sees a read of one byte beyond the end.
void run(const Input& input, std::size_t size) {
    const Input exact(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(size));
    static_cast<void>(LLVMFuzzerTestOneInput(exact.data(), exact.size()));
}

void run_with_variants(Input input) {
    run(input, input.size());
    const std::size_t step = std::max<std::size_t>(1, input.size() / kVariants);
    for (std::size_t at = 0; at < input.size(); at += step) {
        run(input, at);
        const std::uint8_t original = input[at];
        for (const unsigned flip : {0x01U, 0x80U, 0xffU}) {
            input[at] = static_cast<std::uint8_t>(original ^ flip);
            run(input, input.size());
        }
        input[at] = original;
    }
}

} // namespace

int main(int argc, char** argv) {
    std::size_t seeds = 0;
    for (int i = 1; i < argc; ++i) {
        std::error_code error;
        for (const auto& entry : std::filesystem::directory_iterator(argv[i], error)) {
            if (!entry.is_regular_file()) {
                continue;
            }
            std::ifstream file(entry.path(), std::ios::binary);
            run_with_variants(Input(std::istreambuf_iterator<char>(file), {}));
            ++seeds;
        }
        if (error) {
            std::fprintf(stderr, "%s: %s\n", argv[i], error.message().c_str());
            return 1;
        }
    }
    std::printf("%zu seeds\n", seeds);
    return seeds == 0 ? 1 : 0;
}
