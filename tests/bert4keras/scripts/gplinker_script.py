#! -*- coding:utf-8 -*-
# A GPLinker script as users have written it: it calls bert4keras as its examples do.

import json

import numpy as np
from bert4keras.backend import keras, K
from bert4keras.backend import sparse_multilabel_categorical_crossentropy
from bert4keras.layers import EfficientGlobalPointer as GlobalPointer
from bert4keras.models import build_transformer_model
from bert4keras.optimizers import Adam, extend_with_exponential_moving_average
from bert4keras.snippets import DataGenerator, sequence_padding
from bert4keras.snippets import open, to_array
from bert4keras.tokenizers import Tokenizer
from tqdm import tqdm

maxlen = 128
batch_size = 8
epochs = 20
lines = 64
config_path = 'DATA/bert_config.json'
checkpoint_path = None
dict_path = 'DATA/vocab.txt'


def load_data(filename):
    data = []
    with open(filename, encoding='utf-8') as f:
        for l in f:
            l = json.loads(l)
            spoes = [(s['subject'], s['predicate'], s['object']) for s in l['spo_list']]
            data.append({'text': l['text'], 'spo_list': spoes})
    return data[:lines]


train_data = load_data('DATA/train_data.json')
predicate2id, id2predicate = {}, {}
with open('DATA/all_50_schemas') as f:
    for l in f:
        l = json.loads(l)
        if l['predicate'] not in predicate2id:
            id2predicate[len(predicate2id)] = l['predicate']
            predicate2id[l['predicate']] = len(predicate2id)

tokenizer = Tokenizer(dict_path, do_lower_case=True)


def search(pattern, sequence):
    n = len(pattern)
    for i in range(len(sequence)):
        if sequence[i:i + n] == pattern:
            return i
    return -1


class data_generator(DataGenerator):
    def __iter__(self, random=False):
        inputs, labels = ([], []), ([], [], [])
        for is_end, d in self.sample(random):
            token_ids, segment_ids = tokenizer.encode(d['text'], maxlen=maxlen)
            entity = [set() for _ in range(2)]
            head = [set() for _ in range(len(predicate2id))]
            tail = [set() for _ in range(len(predicate2id))]
            for s, p, o in d['spo_list']:
                s = tokenizer.encode(s)[0][1:-1]
                o = tokenizer.encode(o)[0][1:-1]
                p = predicate2id[p]
                sh, oh = search(s, token_ids), search(o, token_ids)
                if sh != -1 and oh != -1:
                    entity[0].add((sh, sh + len(s) - 1))
                    entity[1].add((oh, oh + len(o) - 1))
                    head[p].add((sh, oh))
                    tail[p].add((sh + len(s) - 1, oh + len(o) - 1))
            for label in entity + head + tail:
                if not label:
                    label.add((0, 0))
            for batch, row in zip(inputs, (token_ids, segment_ids)):
                batch.append(row)
            for batch, row in zip(labels, (entity, head, tail)):
                batch.append(sequence_padding([list(l) for l in row]))
            if len(inputs[0]) == self.batch_size or is_end:
                yield [sequence_padding(batch) for batch in inputs], [
                    sequence_padding(batch, seq_dims=2) for batch in labels
                ]
                inputs, labels = ([], []), ([], [], [])


def globalpointer_crossentropy(y_true, y_pred):
    shape = K.shape(y_pred)
    y_true = y_true[..., 0] * K.cast(shape[2], K.floatx()) + y_true[..., 1]
    y_pred = K.reshape(y_pred, (shape[0], -1, K.prod(shape[2:])))
    loss = sparse_multilabel_categorical_crossentropy(y_true, y_pred, True)
    return K.mean(K.sum(loss, axis=1))


base = build_transformer_model(
    config_path=config_path,
    checkpoint_path=checkpoint_path,
    return_keras_model=False
)
entity_output = GlobalPointer(heads=2, head_size=64)(base.model.output)
head_output = GlobalPointer(
    heads=len(predicate2id), head_size=64, RoPE=False, tril_mask=False
)(base.model.output)
tail_output = GlobalPointer(
    heads=len(predicate2id), head_size=64, RoPE=False, tril_mask=False
)(base.model.output)
outputs = [entity_output, head_output, tail_output]

AdamEMA = extend_with_exponential_moving_average(Adam, name='AdamEMA')
optimizer = AdamEMA(learning_rate=3e-3, ema_momentum=0.9)
model = keras.models.Model(base.model.inputs, outputs)
model.compile(loss=globalpointer_crossentropy, optimizer=optimizer)
model.summary()


def extract_spoes(text, threshold=0):
    tokens = tokenizer.tokenize(text, maxlen=maxlen)
    mapping = tokenizer.rematch(text, tokens)
    token_ids, segment_ids = tokenizer.encode(text, maxlen=maxlen)
    token_ids, segment_ids = to_array([token_ids], [segment_ids])
    outputs = model.predict([token_ids, segment_ids])
    outputs = [o[0] for o in outputs]
    subjects, objects = set(), set()
    outputs[0][:, [0, -1]] -= np.inf
    outputs[0][:, :, [0, -1]] -= np.inf
    for l, h, t in zip(*np.where(outputs[0] > threshold)):
        (objects if l else subjects).add((h, t))
    spoes = set()
    for sh, st in subjects:
        for oh, ot in objects:
            p1s = np.where(outputs[1][:, sh, oh] > threshold)[0]
            p2s = np.where(outputs[2][:, st, ot] > threshold)[0]
            for p in set(p1s) & set(p2s):
                spoes.add((
                    text[mapping[sh][0]:mapping[st][-1] + 1], id2predicate[p],
                    text[mapping[oh][0]:mapping[ot][-1] + 1]
                ))
    return list(spoes)


class SPO(tuple):
    def __init__(self, spo):
        self.spox = (
            tuple(tokenizer.tokenize(spo[0])),
            spo[1],
            tuple(tokenizer.tokenize(spo[2])),
        )

    def __hash__(self):
        return self.spox.__hash__()

    def __eq__(self, spo):
        return self.spox == spo.spox


def evaluate(data):
    X, Y, Z = 1e-10, 1e-10, 1e-10
    pbar = tqdm()
    for d in data:
        R = set([SPO(spo) for spo in extract_spoes(d['text'])])
        T = set([SPO(spo) for spo in d['spo_list']])
        X += len(R & T)
        Y += len(R)
        Z += len(T)
        pbar.update()
    pbar.close()
    return 2 * X / (Y + Z)


class Evaluator(keras.callbacks.Callback):
    def __init__(self):
        self.best_val_f1 = 0.

    def on_epoch_end(self, epoch, logs=None):
        if epoch % 10 == 9:
            optimizer.apply_ema_weights()
            f1 = evaluate(train_data)
            if f1 >= self.best_val_f1:
                self.best_val_f1 = f1
                model.save_weights('best_model.weights')
            optimizer.reset_old_weights()
            print('f1: %.5f, best f1: %.5f\n' % (f1, self.best_val_f1))


if __name__ == '__main__':

    train_generator = data_generator(train_data, batch_size)
    evaluator = Evaluator()

    model.fit(
        train_generator.forfit(),
        steps_per_epoch=len(train_generator),
        epochs=epochs,
        callbacks=[evaluator]
    )
    model.load_weights('best_model.weights')
    print('loaded f1: %.5f' % evaluate(train_data))

else:

    model.load_weights('best_model.weights')
