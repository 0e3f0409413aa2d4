// SPDX-License-Identifier: Apache-2.0
// links: bulla_oci_archive
// The members of a tar archive, found and read by position.
#include "oci/archive/member_index.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulla;
    const ByteView bytes(reinterpret_cast<const char*>(data), size);
    FileDescriptor file(memfd_create("fuzz", MFD_CLOEXEC));
    if (!write_all(file.value(), bytes)) {
        return 0;
    }
    const FileReader reader(std::move(file), "fuzz");
    const auto index = oci::MemberIndex::read(reader, size);
    if (!index) {
        return 0;
    }
    for (const auto name : index->names()) {
        const auto range = index->find(reader, name);
        if (range && (range->offset > size || range->size > size - range->offset)) {
            std::abort();
        }
    }
    return 0;
}
