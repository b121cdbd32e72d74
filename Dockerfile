# syntax=docker/dockerfile:1
# One image for the API, the workers and the set-up job; the command chooses.
FROM node:24.21-trixie-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# onnxruntime-node would download GPU files that nothing here uses.
RUN ONNXRUNTIME_NODE_INSTALL=skip npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && ONNXRUNTIME_NODE_INSTALL=skip npm prune --omit=dev
# FFmpeg's file is under the GPL. An image for photographs alone, DOUBLETAKE_KINDS=measurement, does without it.
ARG WITHOUT_FFMPEG=
RUN if [ -n "$WITHOUT_FFMPEG" ]; then rm -r node_modules/@seydx; fi

FROM node:24.21-trixie-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE NOTICE ./
COPY models ./models
COPY rules ./rules
RUN mkdir -p /scratch && chown node:node /scratch
ENV DOUBLETAKE_SCRATCH=/scratch DOUBLETAKE_MODELS=/app/models
USER node
EXPOSE 3000
CMD ["node", "dist/server.js"]
