// SPDX-License-Identifier: Apache-2.0
#include "cli/images/read_input.hpp"

#include "base/io/file.hpp"

#include <unistd.h>

namespace bulla::cli {

Result<Bytes> read_input(const std::string& path, std::uint64_t limit) {
    if (path != "-") {
        return read_file(path, limit);
    }
    FileReader standard_input(FileDescriptor(::dup(STDIN_FILENO)), "standard input");
    return read_all(standard_input, limit, "standard input");
}

} // namespace bulla::cli
