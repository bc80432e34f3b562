# Compiler settings for cairn's own targets, kept off the targets of whoever embeds it.
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(CAIRN_CCACHE ccache)
if(CAIRN_CCACHE AND PROJECT_IS_TOP_LEVEL AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # ccache can only reuse precompiled headers when told that defines and time macros don't matter.
  set(ccache_settings CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime)
  # What one clone compiled serves another. Not with clang, whose precompiled headers name files by path.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    list(APPEND ccache_settings CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1)
  endif()
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env ${ccache_settings} ${CAIRN_CCACHE})
endif()

# Links in a fifth of the time: a program with sanitizers in 2 s instead of 8.
if(PROJECT_IS_TOP_LEVEL)
  include(CheckLinkerFlag)
  check_linker_flag(CXX -fuse-ld=mold CAIRN_MOLD)
  if(CAIRN_MOLD)
    add_link_options(-fuse-ld=mold)
  endif()
endif()

# GCC 12 warns of overflows in its own std::string at -O3 (its bugs 105329 and 105651).
add_library(cairn_warnings INTERFACE)
target_compile_definitions(cairn_warnings INTERFACE CAIRN_VERSION="${PROJECT_VERSION}")
# Asio keeps two freed coroutine frames a thread, none above 1020 bytes, and allocates the others by
# aligned_alloc; a request is a dozen frames deep, and malloc is faster. A frame is made and freed by
# the same object file, so it concerns nobody else's; see docs/decisions/asio-is-compiled-once.md.
target_compile_definitions(cairn_warnings INTERFACE BOOST_ASIO_DISABLE_AWAITABLE_FRAME_RECYCLING)
target_compile_options(cairn_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Woverloaded-virtual -Wconversion -Wno-sign-conversion
  $<$<CXX_COMPILER_ID:Clang>:-Xclang -fno-pch-timestamp -Wshadow>
  $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess -Wshadow=local -Wno-stringop-overflow -Wno-restrict>
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-array-bounds>)
# Not for packagers: -DCMAKE_COMPILE_WARNING_AS_ERROR=OFF, or cmake --compile-no-warning-as-error.
if(PROJECT_IS_TOP_LEVEL AND NOT DEFINED CMAKE_COMPILE_WARNING_AS_ERROR)
  set(CMAKE_COMPILE_WARNING_AS_ERROR ON)
endif()

# What cairn and whoever uses it must agree on. BOOST_ASIO_NO_DEPRECATED is not here, nor anywhere: it
# changes what Asio's compiled functions return, so cairn would force it on every user.
add_library(cairn_options INTERFACE)
set_target_properties(cairn_options PROPERTIES EXPORT_NAME options)
target_compile_features(cairn_options INTERFACE cxx_std_20)
target_compile_definitions(cairn_options INTERFACE
  $<$<BOOL:${CAIRN_SEPARATE_ASIO}>:BOOST_ASIO_SEPARATE_COMPILATION>)
